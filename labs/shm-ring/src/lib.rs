//! A ring of slots in shared memory between two processes.
