//! Makes the folder that is embedded exist, so that the server compiles before the site was built.

fn main() {
    println!("cargo:rerun-if-env-changed=MSPORTAL_SITE");
    if let Ok(site) = std::env::var("MSPORTAL_SITE") {
        if let Err(error) = std::fs::create_dir_all(&site) {
            println!("cargo:warning=cannot make {site}: {error}");
        }
        println!("cargo:rerun-if-changed={site}");
    }
}
