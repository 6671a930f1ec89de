//! A connector made from the data: what is proposed for a sample becomes a form ([`draft`]), the form a connector file,
//! and that is tried on the sample at once ([`work`]). A table's schema can be taken over ([`schema`]).

pub mod draft;
pub mod schema;
pub mod work;
