//! Real component libraries from npm, bundled with a page of ours, installed once below `target/`.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

/// Exactly these, so that the test says the same tomorrow.
const PACKAGES: &str = r#"{ "private": true, "dependencies": {
  "@headlessui/react": "2.2.9", "@radix-ui/react-accordion": "1.2.12", "@radix-ui/react-tabs": "1.1.13",
  "esbuild": "0.25.12", "react": "19.2.0", "react-dom": "19.2.0" } }"#;

/// A page with tabs and an accordion of which one panel at a time is in the document.
const PAGE: &str = r#"
import { createElement as e } from 'react';
import { createRoot } from 'react-dom/client';
import * as Tabs from '@radix-ui/react-tabs';
import * as Accordion from '@radix-ui/react-accordion';
import { Tab, TabGroup, TabList, TabPanel, TabPanels } from '@headlessui/react';

const radix = e(Tabs.Root, { defaultValue: 'pip' },
  e(Tabs.List, null, ['pip', 'uv'].map((name) => e(Tabs.Trigger, { value: name, key: name }, name))),
  e(Tabs.Content, { value: 'pip' }, e('pre', null, 'pip install loom')),
  e(Tabs.Content, { value: 'uv' }, e('pre', null, 'uv add loom')));
const tools = { npm: 'npm install loom', pnpm: 'pnpm add loom', yarn: 'yarn add loom' };
const headless = e(TabGroup, null,
  e(TabList, null, Object.keys(tools).map((name) => e(Tab, { key: name }, name))),
  e(TabPanels, null, Object.entries(tools).map(([name, text]) => e(TabPanel, { key: name }, e('p', null, text)))));
const questions = e(Accordion.Root, { type: 'single', collapsible: true }, ['one', 'two'].map((name) =>
  e(Accordion.Item, { value: name, key: name },
    e(Accordion.Header, null, e(Accordion.Trigger, null, `Question ${name}`)),
    e(Accordion.Content, null, e('p', null, `Answer of Radix ${name}.`)))));
createRoot(document.getElementById('root')).render(e('main', null, e('h1', null, 'Install'),
  e('p', null, 'With Radix.'), radix, e('p', null, 'With Headless UI.'), headless, e('div', { hidden: false }, questions)));
"#;

/// The bundled script of the page. Test programs that run at the same time wait for each other.
pub fn react_page() -> &'static str {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    fs::create_dir_all(&tools).unwrap();
    let lock = File::create(tools.join("react.lock")).unwrap();
    lock.lock().unwrap();
    let folder = tools.join("react");
    let stamp = folder.join("installed.json");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == PACKAGES) {
        return bundle(&folder);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("package.json"), PACKAGES).unwrap();
    // The binary of esbuild is a package of its own, so no install script has to run.
    let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    run(Command::new("npm").args(options).current_dir(&folder));
    fs::write(&stamp, PACKAGES).unwrap();
    bundle(&folder)
}

fn bundle(folder: &Path) -> &'static str {
    fs::write(folder.join("page.js"), PAGE).unwrap();
    run(Command::new("node_modules/.bin/esbuild")
        .args([
            "page.js",
            "--bundle",
            "--minify",
            "--define:process.env.NODE_ENV=\"production\"",
            "--outfile=bundle.js",
        ])
        .current_dir(folder));
    Box::leak(fs::read_to_string(folder.join("bundle.js")).unwrap().into_boxed_str())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{stderr}",
        String::from_utf8_lossy(&output.stdout)
    );
}
