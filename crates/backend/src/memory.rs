//! How the process takes memory from the kernel.

/// Takes small pages only: large ones are zeroed and counted whole, however little of them is used, and a sync of 100,000 devices
/// needs some 50 MB more with them. Nothing happens where the kernel knows no such setting.
pub fn use_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
