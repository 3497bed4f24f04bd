//! Sites by chance: pages with links and menus in the shapes that documentation has, and lists that name some of them.

use std::collections::HashSet;

/// Numbers by chance that are the same each time (SplitMix64).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is at least one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A page of a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) path: String,
    /// The pages that its menus lead to.
    pub(super) menu: Vec<usize>,
    /// The pages that its text leads to.
    pub(super) links: Vec<usize>,
    /// The section that it is in.
    section: usize,
}

/// A site; its first page is the front page.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    pub(super) pages: Vec<Page>,
    /// The pages that its sitemap names; `None` where there is none.
    pub(super) listed: Option<Vec<usize>>,
}

/// How a site is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Folders in folders; each page leads to those below it and to the one above.
    Tree,
    /// The menu of a page names all sections, and the pages of its own.
    SectionMenus,
    /// As `SectionMenus`, and texts lead to pages of other sections here and there.
    LinkedSections,
    /// The menu of each page names all pages.
    FullMenu,
    /// A page leads to the next and the last one, and the front page to the first of each part.
    Rows,
    /// Texts lead anywhere, to some pages far more often than to others.
    Wiki,
}

/// All shapes.
pub(super) const SHAPES: [Shape; 6] =
    [Shape::Tree, Shape::SectionMenus, Shape::LinkedSections, Shape::FullMenu, Shape::Rows, Shape::Wiki];

/// What the sitemap names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// There is none.
    Nothing,
    /// Every page.
    All,
    /// All but one in so many pages, by chance.
    AllButOneIn(usize),
    /// All but some sections, which are a third of them.
    NotSomeSections,
    /// All but one section.
    NotOneSection,
}

/// All kinds of lists.
pub(super) const LISTS: [Listed; 7] = [
    Listed::Nothing,
    Listed::All,
    Listed::AllButOneIn(10),
    Listed::AllButOneIn(3),
    Listed::AllButOneIn(2),
    Listed::NotSomeSections,
    Listed::NotOneSection,
];

impl Site {
    /// A site of about as many pages.
    pub(super) fn new(shape: Shape, size: usize, listed: Listed, chance: &mut Chance) -> Self {
        let mut site = match shape {
            Shape::Tree => tree(size, chance),
            _ => sections(size, chance),
        };
        match shape {
            Shape::Tree => {}
            Shape::SectionMenus => site.add_section_menus(),
            Shape::LinkedSections => {
                site.add_section_menus();
                site.add_links(chance, 3, 0.6);
            }
            Shape::FullMenu => site.add_full_menu(),
            Shape::Rows => site.add_rows(),
            Shape::Wiki => site.add_links(chance, 6, 0.2),
        }
        site.list(listed, chance);
        site
    }

    /// How many pages a crawl finds: those that are listed, and what all of them lead to.
    pub(super) fn truth(&self) -> usize {
        let mut open: Vec<usize> = self.listed.iter().flatten().copied().chain([0]).collect();
        let mut found: HashSet<usize> = open.iter().copied().collect();
        while let Some(page) = open.pop() {
            let page = &self.pages[page];
            open.extend(page.menu.iter().chain(&page.links).copied().filter(|to| found.insert(*to)));
        }
        found.len()
    }

    fn section_count(&self) -> usize {
        self.pages.iter().map(|page| page.section).max().unwrap_or_default()
    }

    /// The pages of a section; its own page comes first.
    fn of_section(&self, section: usize) -> Vec<usize> {
        (1..self.pages.len()).filter(|at| self.pages[*at].section == section).collect()
    }

    fn add_section_menus(&mut self) {
        let sections: Vec<Vec<usize>> =
            (1..=self.section_count()).map(|section| self.of_section(section)).collect();
        let heads: Vec<usize> = sections.iter().map(|section| section[0]).collect();
        self.pages[0].menu.clone_from(&heads);
        for section in &sections {
            for at in section {
                self.pages[*at].menu = [heads.as_slice(), section.as_slice()].concat();
            }
        }
    }

    fn add_full_menu(&mut self) {
        let all: Vec<usize> = (1..self.pages.len()).collect();
        self.pages.iter_mut().for_each(|page| page.menu.clone_from(&all));
    }

    fn add_rows(&mut self) {
        for section in 1..=self.section_count() {
            let own = self.of_section(section);
            self.pages[0].links.push(own[0]);
            for pair in own.windows(2) {
                self.pages[pair[0]].links.push(pair[1]);
                self.pages[pair[1]].links.push(pair[0]);
            }
        }
    }

    /// Links from each page to about as many others, most of them to the `local` share in its section.
    fn add_links(&mut self, chance: &mut Chance, count: usize, local: f64) {
        let sections: Vec<Vec<usize>> =
            (0..=self.section_count()).map(|section| self.of_section(section)).collect();
        let size = self.pages.len();
        // One page in eight is led to more often than the others.
        let known: Vec<usize> = (1..size).filter(|_| chance.below(8) == 0).collect();
        for at in 0..size {
            for _ in 0..chance.between(1, 2 * count) {
                let own = &sections[self.pages[at].section];
                let to = match chance.share() {
                    share if share < local && !own.is_empty() => own[chance.below(own.len())],
                    share if share > 0.8 && !known.is_empty() => known[chance.below(known.len())],
                    _ => 1 + chance.below(size - 1),
                };
                if to != at {
                    self.pages[at].links.push(to);
                }
            }
        }
    }

    fn list(&mut self, listed: Listed, chance: &mut Chance) {
        let count = self.section_count();
        let lacking: HashSet<usize> = match listed {
            Listed::NotSomeSections => {
                let mut lacking = HashSet::new();
                while lacking.len() < count.div_ceil(3) {
                    lacking.insert(1 + chance.below(count));
                }
                lacking
            }
            Listed::NotOneSection => HashSet::from([1 + chance.below(count)]),
            _ => HashSet::new(),
        };
        let is_listed = |at: &usize, chance: &mut Chance| match listed {
            Listed::AllButOneIn(number) => chance.below(number) > 0,
            _ => !lacking.contains(&self.pages[*at].section),
        };
        self.listed = match listed {
            Listed::Nothing => None,
            _ => Some((0..self.pages.len()).filter(|at| is_listed(at, chance)).collect()),
        };
    }
}

/// Sections of many sizes, without a link; the front page is of none.
fn sections(size: usize, chance: &mut Chance) -> Site {
    let mut site = Site { pages: vec![Page { path: "/".to_owned(), ..Page::default() }], listed: None };
    let most = (size / 5).clamp(8, 60);
    let mut section = 0;
    while site.pages.len() < size {
        section += 1;
        let root = format!("/{}/", name(section));
        site.pages.push(Page { path: root.clone(), section, ..Page::default() });
        for number in 0..chance.between(3, most) {
            let path = format!("{root}{}", name(number * 7 + section));
            site.pages.push(Page { path, section, ..Page::default() });
        }
    }
    site
}

/// A tree of three levels whose pages have about as many others below them.
fn tree(size: usize, chance: &mut Chance) -> Site {
    let mut site = Site { pages: vec![Page { path: "/".to_owned(), ..Page::default() }], listed: None };
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let width = (size as f64).cbrt().round().max(2.0) as usize;
    let mut level = vec![0];
    for depth in 0..3 {
        let mut next = Vec::new();
        for above in level {
            for number in 0..chance.between(width.div_ceil(2), width + width / 2) {
                let at = site.pages.len();
                let section = if depth == 0 { number + 1 } else { site.pages[above].section };
                let path = format!("{}{}/", site.pages[above].path, name(number * 3 + depth));
                site.pages.push(Page { path, section, links: vec![above], ..Page::default() });
                site.pages[above].links.push(at);
                next.push(at);
            }
        }
        level = next;
    }
    site
}

/// A name without digits, so that pages are no row of numbers.
fn name(mut number: usize) -> String {
    let mut name = String::from("topic");
    loop {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}
