//! Makes the folder that is embedded exist, so that the server compiles before the site was built.

fn main() {
    println!("cargo:rerun-if-env-changed=MSPORTAL_SITE");
    if let Ok(site) = std::env::var("MSPORTAL_SITE") {
        if let Err(error) = std::fs::create_dir_all(&site) {
            println!("cargo:warning=cannot make {site}: {error}");
        }
        // A debug server reads the assets from the folder; only a release server embeds them.
        if std::env::var("PROFILE").is_ok_and(|p| p == "release") {
            println!("cargo:rerun-if-changed={site}");
        } else {
            println!("cargo:rerun-if-changed=build.rs");
        }
    }
}
