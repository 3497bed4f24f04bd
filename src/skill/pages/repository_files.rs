//! The files of a repository as pages: each bears the address at which the forge shows it to people, at the commit that
//! was read, and so do its links.
//!
//! A file names other files by relative paths, by any branch, or from the root of the repository. Here all of them
//! become one address for each file, so that a link to a page of the skill is found to be one. Pictures keep the
//! address of the file itself, which is what shows them; badges are left out.

use std::collections::HashMap;

use url::Url;

use crate::document::{Block, Document, Inline};
use crate::forge::{FileAddress, Repository};
use crate::url::CanonicalUrl;

/// The files that were read.
#[derive(Debug)]
pub struct RepositoryFiles<'a> {
    repository: &'a Repository,
    /// The references at which each path was read.
    paths: HashMap<String, Vec<String>>,
    /// The path of the README of each folder.
    readmes: HashMap<String, String>,
    /// Every folder that holds a file.
    folders: HashMap<String, ()>,
}

impl<'a> RepositoryFiles<'a> {
    /// The files at these addresses, as they are served.
    pub fn new<'u>(repository: &'a Repository, urls: impl Iterator<Item = &'u CanonicalUrl>) -> Self {
        let mut files: Vec<FileAddress> = urls.filter_map(|url| repository.raw_file(url)).collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        let mut found =
            Self { repository, paths: HashMap::new(), readmes: HashMap::new(), folders: HashMap::new() };
        for file in files {
            let folder = folder_of(&file.path).to_owned();
            if repository.is_readme(&file.path) {
                found.readmes.entry(folder).or_insert_with(|| file.path.clone());
            }
            let ends = file.path.match_indices('/').map(|(end, _)| end);
            for end in ends {
                found.folders.insert(file.path.get(..end).unwrap_or_default().to_owned(), ());
            }
            found.paths.entry(file.path).or_default().push(file.reference);
        }
        found
    }

    /// Turns the links of a file to what people are shown. Returns the address at which it is shown itself; `None` for
    /// what is no file of the repository.
    pub fn show(&self, url: &CanonicalUrl, document: &mut Document) -> Option<CanonicalUrl> {
        let file = self.repository.raw_file(url)?;
        each_line(&mut document.blocks, &mut |line| self.turn(line, &file.reference));
        drop_empty(&mut document.blocks);
        self.repository.page_url(&file.reference, &file.path)
    }

    fn turn(&self, line: &mut Vec<Inline>, page: &str) {
        line.retain(|inline| !self.is_badge(inline));
        for inline in line {
            match inline {
                Inline::Link { url, content } => {
                    if let Some(shown) = self.link(url, page) {
                        *url = shown;
                    }
                    self.turn(content, page);
                }
                Inline::Image { url, .. } => {
                    if let Some(served) = self.picture(url, page) {
                        *url = served;
                    }
                }
                Inline::Emphasis(content)
                | Inline::Strong(content)
                | Inline::Strikethrough(content)
                | Inline::Subscript(content)
                | Inline::Superscript(content) => self.turn(content, page),
                Inline::Text(_)
                | Inline::Code(_)
                | Inline::Keyboard(_)
                | Inline::Math(_)
                | Inline::FootnoteReference(_)
                | Inline::Break => {}
            }
        }
    }

    /// A badge, or a link that shows nothing else.
    fn is_badge(&self, inline: &Inline) -> bool {
        let is_blank = |inline: &Inline| match inline {
            Inline::Text(text) => text.trim().is_empty(),
            Inline::Break => true,
            _ => false,
        };
        match inline {
            Inline::Image { url, .. } => self.repository.is_badge(url),
            Inline::Link { content, .. } => {
                content.iter().any(|inner| self.is_badge(inner))
                    && content.iter().all(|inner| self.is_badge(inner) || is_blank(inner))
            }
            _ => false,
        }
    }

    /// Where a link leads people: to the page of the file, to the README of the folder, or to what the forge shows.
    fn link(&self, address: &str, page: &str) -> Option<String> {
        let url = Url::parse(address).ok()?;
        let Some(file) = self.file_of(&url, page) else {
            return self.repository.beyond_root(&url).filter(|_| self.is_of_files(&url));
        };
        let is_home = file.path.is_empty() && !self.is_of_files(&url);
        let shown = match self.page_at(&file) {
            Some(path) => self.repository.page_url(&file.reference, path)?,
            None if is_home => return None,
            None if self.is_folder(&url, &file) => self.repository.folder_url(&file.reference, &file.path)?,
            None => self.repository.page_url(&file.reference, &file.path)?,
        };
        let fragment = url.fragment().map(|fragment| fragment.trim_start_matches("user-content-"));
        Some(match fragment.filter(|fragment| !fragment.is_empty()) {
            Some(fragment) => format!("{shown}#{fragment}"),
            None => shown.to_string(),
        })
    }

    fn picture(&self, address: &str, page: &str) -> Option<String> {
        let url = Url::parse(address).ok()?;
        let file = self.file_of(&url, page).filter(|file| !file.path.is_empty())?;
        self.repository.raw_url(&file.reference, &file.path).map(|url| url.to_string())
    }

    fn file_of(&self, url: &Url, page: &str) -> Option<FileAddress> {
        let known = |path: &str| {
            let path = path.trim_end_matches('/');
            self.paths.contains_key(path) || self.folders.contains_key(path)
        };
        self.repository.file_of(url, page, &known)
    }

    /// The path of the page for a file: itself, or the README of the folder that it is. A path without its ending, as
    /// sites that are made of the files write it, is that file too.
    fn page_at(&self, file: &FileAddress) -> Option<&str> {
        let at = |path: &str| {
            let (path, references) = self.paths.get_key_value(path)?;
            references.contains(&file.reference).then_some(path.as_str())
        };
        let readme = || at(self.readmes.get(&file.path)?);
        let without_ending =
            || [".md", ".rst", ".mdx", ".qmd"].iter().find_map(|end| at(&format!("{}{end}", file.path)));
        at(&file.path).or_else(readme).or_else(without_ending)
    }

    fn is_folder(&self, url: &Url, file: &FileAddress) -> bool {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        url.path().ends_with('/')
            || self.folders.contains_key(&file.path)
            || (!name.contains('.') && !is_named_file(name))
    }

    /// Whether an address is on the host that serves the files.
    fn is_of_files(&self, url: &Url) -> bool {
        let host = self.repository.raw_url("HEAD", "README").map(|raw| raw.authority());
        CanonicalUrl::from_url(url.clone()).is_ok_and(|url| Some(url.authority()) == host)
    }
}

/// Names without an ending that are files all the same begin with a capital, as `Makefile` and `LICENSE`.
fn is_named_file(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Calls `change` with every run of inlines in the blocks.
fn each_line(blocks: &mut [Block], change: &mut dyn FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => change(content),
            Block::List(list) => list.items.iter_mut().for_each(|item| each_line(&mut item.content, change)),
            Block::Table(table) => {
                change(&mut table.caption);
                table.header.iter_mut().chain(table.rows.iter_mut().flatten()).for_each(&mut *change);
            }
            Block::Admonition { title, content, .. } => {
                title.iter_mut().for_each(&mut *change);
                each_line(content, change);
            }
            Block::DefinitionList(definitions) => {
                for definition in definitions {
                    definition.terms.iter_mut().for_each(&mut *change);
                    definition.definitions.iter_mut().for_each(|blocks| each_line(blocks, change));
                }
            }
            Block::Quote(content) | Block::Footnote { content, .. } => each_line(content, change),
            Block::Tabs(tabs) => tabs.iter_mut().for_each(|tab| each_line(&mut tab.content, change)),
            Block::Details { summary, content } => {
                change(summary);
                each_line(content, change);
            }
            Block::Code(_) | Block::Math(_) | Block::Rule => {}
        }
    }
}

/// Takes out what badges left behind: paragraphs of white space.
fn drop_empty(blocks: &mut Vec<Block>) {
    let says_nothing = |inline: &Inline| match inline {
        Inline::Text(text) => {
            text.trim_matches(|letter: char| letter.is_whitespace() || "|•·".contains(letter)).is_empty()
        }
        Inline::Break => true,
        _ => false,
    };
    blocks.retain(|block| !matches!(block, Block::Paragraph(line) if line.iter().all(says_nothing)));
}

#[cfg(test)]
mod tests {
    use super::RepositoryFiles;
    use crate::document::{Block, Document, Inline};
    use crate::forge::Repository;
    use crate::url::CanonicalUrl;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).unwrap()
    }

    fn raw(path: &str) -> String {
        format!("https://raw.githubusercontent.com/acme/tool/{COMMIT}/{path}")
    }

    /// What becomes of an address that stands in `docs/guide.md`, resolved as the extraction resolves it.
    fn turned(reference: &str, wrap: fn(String) -> Inline) -> Inline {
        let repository = Repository::at(&url("https://github.com/acme/tool")).unwrap().unwrap();
        let urls =
            ["README.md", "docs/README.md", "docs/guide.md", "docs/deep/a.rst"].map(|path| url(&raw(path)));
        let files = RepositoryFiles::new(&repository, urls.iter());
        let absolute = urls[2].as_url().join(reference).unwrap().to_string();
        let mut document =
            Document { blocks: vec![Block::Paragraph(vec![wrap(absolute)])], ..Document::default() };
        let shown = files.show(&urls[2], &mut document).unwrap();
        assert_eq!(shown.as_str(), format!("https://github.com/acme/tool/blob/{COMMIT}/docs/guide.md"));
        let Some(Block::Paragraph(line)) = document.blocks.first_mut() else { panic!("{document:?}") };
        line.remove(0)
    }

    #[test]
    fn links_lead_to_pages_and_to_what_people_see() {
        let link = |url: String| Inline::Link { url, content: vec![Inline::Text("x".to_owned())] };
        let check = |reference: &str, expected: &str| {
            let Inline::Link { url, .. } = turned(reference, link) else { panic!("{reference}") };
            assert_eq!(
                url.replace(COMMIT, "C").replace("https://github.com/acme/tool", "~"),
                expected,
                "{reference}"
            );
        };
        check("README.md#use", "~/blob/C/docs/README.md#use");
        check("#install", "~/blob/C/docs/guide.md#install");
        check("../README.md", "~/blob/C/README.md");
        check("/docs/deep/a.rst", "~/blob/C/docs/deep/a.rst");
        check("./deep/a", "~/blob/C/docs/deep/a.rst");
        check("../docs/", "~/blob/C/docs/README.md");
        check("..", "~/blob/C/README.md");
        check("https://github.com/acme/tool", "~/blob/C/README.md");
        check("https://github.com/acme/tool/tree/main/docs", "~/blob/C/docs/README.md");
        check(
            "https://github.com/acme/tool/blob/main/docs/guide.md#user-content-x",
            "~/blob/C/docs/guide.md#x",
        );
        check("../src/run.py#L3", "~/blob/C/src/run.py#L3");
        check("../src", "~/tree/C/src");
        check("../LICENSE", "~/blob/C/LICENSE");
        check("https://github.com/acme/tool/blob/v1.0/docs/guide.md", "~/blob/v1.0/docs/guide.md");
        check("https://github.com/acme/tool/issues/3", "~/issues/3");
        check("https://d.example/a", "https://d.example/a");
    }

    #[test]
    fn pictures_are_served_and_badges_are_gone() {
        let image = |url: String| Inline::Image { url, alt: "x".to_owned() };
        let check = |reference: &str, expected: &str| {
            let Inline::Image { url, .. } = turned(reference, image) else { panic!("{reference}") };
            assert_eq!(url.replace(&raw(""), "~/"), expected, "{reference}");
        };
        check("img/a.png", "~/docs/img/a.png");
        check("/assets/logo.png", "~/assets/logo.png");
        check("https://github.com/acme/tool/blob/main/docs/img/a.png?raw=true", "~/docs/img/a.png");
        check("https://d.example/a.png", "https://d.example/a.png");

        let repository = Repository::at(&url("https://github.com/acme/tool")).unwrap().unwrap();
        let address = url(&raw("README.md"));
        let badge = Inline::Link {
            url: "https://ci.example/".to_owned(),
            content: vec![image("https://img.shields.io/pypi/v/tool".to_owned())],
        };
        let text = Block::Paragraph(vec![Inline::Text("kept".to_owned())]);
        let mut document = Document {
            blocks: vec![Block::Paragraph(vec![badge, Inline::Text(" ".to_owned())]), text.clone()],
            ..Document::default()
        };
        RepositoryFiles::new(&repository, [&address].into_iter()).show(&address, &mut document);
        assert_eq!(document.blocks, [text]);
    }
}
