//! The Python modules of our own: what stands in for the host, for Panther's packages and for the packages that
//! Panther installs beside them. `shims/README.md` says what is in which and what is not.

use super::{dates, session};
use rustpython_vm::builtins::PyDictRef;
use rustpython_vm::{PyObjectRef, PyResult, VirtualMachine};

/// A module: its name, whether it is a package, its text.
type Shim = (&'static str, bool, &'static str);

const SHIMS: &[Shim] = &[
    ("os", false, include_str!("shims/os.py")),
    ("posix", false, include_str!("shims/posix.py")),
    ("gc", false, include_str!("shims/gc.py")),
    ("marshal", false, include_str!("shims/marshal.py")),
    ("unittest", true, include_str!("shims/unittest/__init__.py")),
    (
        "unittest.mock",
        false,
        include_str!("shims/unittest/mock.py"),
    ),
    (
        "panther_core",
        true,
        include_str!("shims/panther_core/__init__.py"),
    ),
    (
        "panther_core.exceptions",
        false,
        include_str!("shims/panther_core/exceptions.py"),
    ),
    (
        "panther_detection_helpers",
        true,
        include_str!("shims/panther_detection_helpers/__init__.py"),
    ),
    (
        "panther_detection_helpers.caching",
        false,
        include_str!("shims/panther_detection_helpers/caching.py"),
    ),
    (
        "panther_detection_helpers.mocking",
        false,
        include_str!("shims/panther_detection_helpers/mocking.py"),
    ),
    (
        "panther_detection_helpers.monitoring",
        false,
        include_str!("shims/panther_detection_helpers/monitoring.py"),
    ),
    ("boto3", false, include_str!("shims/boto3.py")),
    ("botocore", true, include_str!("shims/botocore/__init__.py")),
    (
        "botocore.exceptions",
        false,
        include_str!("shims/botocore/exceptions.py"),
    ),
    ("requests", false, include_str!("shims/requests.py")),
    ("dateutil", true, include_str!("shims/dateutil/__init__.py")),
    (
        "dateutil.parser",
        false,
        include_str!("shims/dateutil/parser.py"),
    ),
    ("dateutil.tz", false, include_str!("shims/dateutil/tz.py")),
    ("pycountry", false, include_str!("shims/pycountry.py")),
    (
        "policyuniverse",
        true,
        include_str!("shims/policyuniverse/__init__.py"),
    ),
    (
        "policyuniverse.action_categories",
        false,
        include_str!("shims/policyuniverse/action_categories.py"),
    ),
    (
        "policyuniverse.arn",
        false,
        include_str!("shims/policyuniverse/arn.py"),
    ),
    (
        "policyuniverse.common",
        false,
        include_str!("shims/policyuniverse/common.py"),
    ),
    (
        "policyuniverse.expander_minimizer",
        false,
        include_str!("shims/policyuniverse/expander_minimizer.py"),
    ),
    (
        "policyuniverse.policy",
        false,
        include_str!("shims/policyuniverse/policy.py"),
    ),
    (
        "policyuniverse.statement",
        false,
        include_str!("shims/policyuniverse/statement.py"),
    ),
];

/// The native classes of Panther's packages live in these modules (`prelude.py`).
const NATIVE: &[&str] = &["panther_core.immutable", "panther_core.enriched_event"];

const AWS_ACTIONS: &str = include_str!("../../assets/python/aws-actions.txt");
const COUNTRIES: &str = include_str!("../../assets/python/countries.txt");

/// Whether a module of that name is one of ours.
pub fn is_shim(name: &str) -> bool {
    SHIMS.iter().any(|(shim, _, _)| *shim == name) || NATIVE.contains(&name)
}

/// The modules by name: for each whether it is a package, and its text.
pub(super) fn table(vm: &VirtualMachine) -> PyResult<PyDictRef> {
    let table = vm.ctx.new_dict();
    for (name, package, source) in SHIMS {
        let entry: Vec<PyObjectRef> = vec![
            vm.ctx.new_bool(*package).into(),
            vm.ctx.new_str(*source).into(),
        ];
        table.set_item(*name, vm.ctx.new_tuple(entry).into(), vm)?;
    }
    Ok(table)
}

/// What native code gives to some of them, by module and name.
pub(super) fn natives(vm: &VirtualMachine) -> PyResult<PyDictRef> {
    let table = vm.ctx.new_dict();
    let given: [(&str, &str, PyObjectRef); 4] = [
        (
            "dateutil.parser",
            "DATE_PARTS",
            vm.new_function("DATE_PARTS", dates::parts).into(),
        ),
        (
            "policyuniverse",
            "AWS_ACTIONS",
            vm.new_function("AWS_ACTIONS", || AWS_ACTIONS.to_owned())
                .into(),
        ),
        (
            "pycountry",
            "COUNTRIES",
            vm.new_function("COUNTRIES", || COUNTRIES.to_owned()).into(),
        ),
        (
            "panther_detection_helpers.caching",
            "EVENT_TIME",
            vm.new_function("EVENT_TIME", session::event_time).into(),
        ),
    ];
    for (module, name, value) in given {
        let names = vm.ctx.new_dict();
        names.set_item(name, value, vm)?;
        table.set_item(module, names.into(), vm)?;
    }
    Ok(table)
}
