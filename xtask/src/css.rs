//! Styles: Tailwind reads the class names out of the Rust sources.
use std::process::Command;

use crate::{
    npm, stamp,
    tools::{NAME, Profile, Result, call, pkg, root},
};

/// style/main.css → pkg/msportal.css
pub fn build(profile: Profile) -> Result<()> {
    let style = npm::install("style")?;
    let out = pkg().join(format!("{NAME}.css"));
    let inputs = [style.join("main.css"), style.join("package-lock.json"), root().join("app/src")];
    let key = if profile.release { "release" } else { "debug" };
    stamp::unless_fresh("css", key, &inputs, std::slice::from_ref(&out), || {
        let mut tailwind = Command::new("node_modules/.bin/tailwindcss");
        tailwind.args(["-i", "main.css", "-o"]).arg(&out).current_dir(&style);
        if profile.release {
            tailwind.arg("--minify");
        }
        call(&mut tailwind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Such a class makes the browser work out the styles of the whole page at whatever comes or goes in it: with fifty rows,
    /// 50 to 180 ms for every key typed in a combobox. `peer-…` or a class of its own says the same for nothing.
    #[test]
    fn no_class_asks_what_a_page_holds() {
        for file in stamp::files_below(&root().join("app/src")).unwrap() {
            let text = std::fs::read_to_string(&file).unwrap();
            let found = ["group-has-", "peer-has-"].into_iter().find(|class| text.contains(class));
            assert_eq!(found, None, "{}", file.display());
        }
    }
}
