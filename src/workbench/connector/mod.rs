//! A connector made from the data: records are looked at ([`infer`]), what they hold becomes a form ([`draft`]), the
//! form a connector file, and that is tried on the sample at once ([`work`]). A schema can be taken over ([`schema`]).

pub mod draft;
pub mod infer;
pub mod schema;
pub mod work;
