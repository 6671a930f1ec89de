//! The headless commands: arguments in, answers out. Thin: the floors below do the work.
