//! A device of a page that need not be read in full.

use crate::Lost;
use bytes::Bytes;
use domain::{Time, remote::RemoteDevice};
use std::sync::Arc;

/// A device as its page shows it at a glance: enough to tell whether it is as it was, and the rest on request.
pub struct DeviceRow {
    pub remote_id: String,
    /// Of everything that [`Self::read`] gives, the heartbeat apart: equal prints, equal devices. 0: look at the device.
    pub print: u64,
    pub offline: Option<bool>,
    pub last_contact: Option<Time>,
    content: Content,
}

enum Content {
    Read(Box<RemoteDevice>),
    Json { text: Bytes, base: Arc<str>, read: Read },
}

/// Reads one device of a vendor; the second text is the console's address.
type Read = fn(&str, &str) -> Result<RemoteDevice, String>;

impl DeviceRow {
    /// One whose content is still the vendor's text.
    pub(crate) fn lazy(
        remote_id: String,
        print: u64,
        beat: (Option<bool>, Option<Time>),
        text: Bytes,
        base: Arc<str>,
        read: Read,
    ) -> Self {
        let (offline, last_contact) = beat;
        Self { remote_id, print, offline, last_contact, content: Content::Json { text, base, read } }
    }

    /// The whole device; an error says where reading stopped.
    pub fn read(self) -> Result<RemoteDevice, Lost> {
        match self.content {
            Content::Read(device) => Ok(*device),
            Content::Json { text, base, read } => std::str::from_utf8(&text)
                .map_err(|e| e.to_string())
                .and_then(|text| read(text, &base))
                .map_err(|reason| Lost { id: Some(self.remote_id), reason }),
        }
    }
}

impl From<RemoteDevice> for DeviceRow {
    fn from(device: RemoteDevice) -> Self {
        Self {
            remote_id: device.remote_id.clone(),
            print: 0,
            offline: device.offline,
            last_contact: device.last_contact,
            content: Content::Read(Box::new(device)),
        }
    }
}
