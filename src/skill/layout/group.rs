//! The tree of groups that the places of pages form.

/// A group of pages and groups in reading order.
#[derive(Debug)]
pub struct Group {
    /// Its name; empty for the root.
    pub title: String,
    /// Its pages and groups in order.
    pub members: Vec<Member>,
}

/// What stands in a group.
#[derive(Debug)]
pub enum Member {
    /// A page, by the index of its reference.
    Page(usize),
    /// A group of its own.
    Group(Group),
}

impl Group {
    /// An empty group.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), members: Vec::new() }
    }

    /// Puts a page below the groups of its trail, making those that are not there.
    pub fn insert(&mut self, trail: &[String], page: usize) {
        let Some((first, rest)) = trail.split_first() else {
            self.members.push(Member::Page(page));
            return;
        };
        // A section that repeats the name of the one around it is the same section shown twice.
        if first.eq_ignore_ascii_case(&self.title) {
            self.insert(rest, page);
            return;
        }
        let found = self.members.iter_mut().find_map(|member| match member {
            Member::Group(group) if group.title.eq_ignore_ascii_case(first) => Some(group),
            _ => None,
        });
        if let Some(group) = found {
            group.insert(rest, page);
            return;
        }
        let mut group = Self::new(first);
        group.insert(rest, page);
        self.members.push(Member::Group(group));
    }

    /// How many pages stand in it and its groups.
    pub fn count(&self) -> usize {
        self.members
            .iter()
            .map(|member| match member {
                Member::Page(_) => 1,
                Member::Group(group) => group.count(),
            })
            .sum()
    }
}

/// Takes off layers of the tree that hold nearly everything, such as one that bears the site's name.
pub fn take_off_wrappers(root: &mut Group) {
    let pages = root.count();
    loop {
        let wraps = |member: &Member| match member {
            Member::Group(group) => {
                let inner = group.members.iter().any(|member| matches!(member, Member::Group(_)));
                inner && group.count() * 10 >= pages * 9
            }
            Member::Page(_) => false,
        };
        let Some(at) = root.members.iter().position(wraps) else { return };
        if let Member::Group(group) = root.members.remove(at) {
            root.members.splice(at..at, group.members);
        }
    }
}

/// Gathers the small single pages of the top level where the first of them stands: the site's loose pages.
pub fn gather_loose(root: &mut Group, is_small: &dyn Fn(usize) -> bool) {
    let loose = |member: &Member| match member {
        Member::Page(page) => Some(*page).filter(|page| is_small(*page)),
        Member::Group(group) => match pages_of(group).as_slice() {
            [page] => Some(*page).filter(|page| is_small(*page)),
            _ => None,
        },
    };
    let pages: Vec<usize> = root.members.iter().filter_map(loose).collect();
    let Some(at) = root.members.iter().position(|member| loose(member).is_some()) else { return };
    if pages.len() < 2 {
        return;
    }
    let mut kept: Vec<Member> = root.members.drain(..).filter(|member| loose(member).is_none()).collect();
    kept.splice(at..at, pages.into_iter().map(Member::Page));
    root.members = kept;
}

/// All pages of a group in order.
pub fn pages_of(group: &Group) -> Vec<usize> {
    let mut pages = Vec::new();
    for member in &group.members {
        match member {
            Member::Page(page) => pages.push(*page),
            Member::Group(inner) => pages.extend(pages_of(inner)),
        }
    }
    pages
}
