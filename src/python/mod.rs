//! The sandboxed Python interpreter for rule bodies: RustPython without host modules,
//! native event classes, limits on time and memory. Knows nothing of KQL or the window.
