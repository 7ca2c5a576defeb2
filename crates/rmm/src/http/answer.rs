//! One answer, read whole but never larger than it may be.

use super::trouble::Trouble;
use crate::RmmError;
use bytes::Bytes;
use reqwest::{
    Response,
    header::{CONTENT_TYPE, HeaderMap},
};

/// The largest body that is read, in bytes after decompression. A detailed page of 1,000 devices is a few MB.
pub const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// Status, headers and whole body. Has no `Debug`: a token answer holds a secret.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// Reads the body piece by piece; fails for good when it grows beyond [`LARGEST_BODY`].
    pub async fn read(mut response: Response) -> Result<Self, Trouble> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let hint = response.content_length().unwrap_or(0).min(LARGEST_BODY as u64);
        let mut body = Vec::with_capacity(usize::try_from(hint).unwrap_or(0));
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > LARGEST_BODY {
                return Err(Trouble::last(RmmError::BadBody("it is larger than 32 MB".into())));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Self { status, headers, body: body.into() })
    }

    /// Whether a web page came in place of data.
    pub fn is_html(&self) -> bool {
        let declared = self.headers.get(CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
        match self.body.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(first) => *first == b'<' || (declared && !matches!(first, b'{' | b'[' | b'"')),
            None => false,
        }
    }

    /// What any API of this kind means by its status, unless that is for the vendor to say: throttled for 429, 503 and
    /// web pages, a passing fault for 408 and other 5xx.
    pub fn common_trouble(&self) -> Option<Trouble> {
        match self.status {
            429 | 503 => Some(Trouble::throttled(self)),
            408 => Some(Trouble::passing(RmmError::Timeout)),
            500..=599 => Some(Trouble::passing(RmmError::Server(self.status))),
            _ if self.is_html() => Some(Trouble::throttled(self)),
            _ => None,
        }
    }
}
