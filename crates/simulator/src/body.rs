//! The body of an answer: pieces that are sent one after the other, without putting them together first.

use axum::body::Bytes;

/// A body. Copies share the bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pieces(Vec<Bytes>);

impl Pieces {
    /// These pieces, in this order.
    pub fn new(pieces: impl Into<Vec<Bytes>>) -> Self {
        Self(pieces.into())
    }

    /// The length of the whole.
    pub fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// All of them, to be sent as they are.
    pub fn into_pieces(self) -> Vec<Bytes> {
        self.0
    }

    /// Put together, for deliveries that cut a body in two.
    pub fn joined(self) -> Vec<u8> {
        self.0.concat()
    }
}

impl From<String> for Pieces {
    fn from(text: String) -> Self {
        Self(vec![text.into()])
    }
}

impl From<&str> for Pieces {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
