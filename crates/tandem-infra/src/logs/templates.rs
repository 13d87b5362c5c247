//! The templates of messages: `spec/infra/logs.md`, "Template". What a tree holds follows from the set of
//! messages, not from their order.

use std::collections::BTreeMap;
use tandem_common::limits::{LOG_TEMPLATES, LOG_VARIANTS};

/// What is known of one template: how many entries, and where the first and the last begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub count: u64,
    pub first: usize,
    pub last: usize,
}

#[derive(Default)]
struct Node<'a> {
    branches: Branches<'a>,
    leaf: Option<Leaf>,
}

enum Branches<'a> {
    /// At most `LOG_VARIANTS`.
    Tokens(Vec<(&'a [u8], Node<'a>)>),
    /// `<*>`
    Any(Box<Node<'a>>),
}

/// A template: its level, and its tokens; `None` stands for any.
pub(super) type Template<'a> = (u8, Vec<Option<&'a [u8]>>, Leaf);

#[derive(Default)]
pub(super) struct TemplateTree<'a> {
    /// By level and number of tokens.
    roots: BTreeMap<(u8, usize), Node<'a>>,
    size: usize,
}

impl<'a> TemplateTree<'a> {
    /// False if that would need a template more than the limit.
    pub fn add(&mut self, level: u8, tokens: &[&'a [u8]], leaf: Leaf) -> bool {
        let key = (level, tokens.len());
        let is_full = self.size >= LOG_TEMPLATES;
        if is_full && !self.roots.contains_key(&key) {
            return false;
        }
        let mut node = self.roots.entry(key).or_default();
        for token in tokens {
            match node.branch(token, is_full, &mut self.size) {
                Some(next) => node = next,
                None => return false,
            }
        }
        self.size += usize::from(node.leaf.is_none());
        join(&mut node.leaf, leaf);
        true
    }

    /// By level, number of tokens, then tokens.
    pub fn templates(&self) -> Vec<Template<'a>> {
        let mut all = Vec::new();
        for ((level, _), root) in &self.roots {
            below(&mut all, *level, root, &mut Vec::new());
        }
        all
    }
}

impl<'a> Node<'a> {
    /// The branch for a token, which may turn a position into `<*>`. None if a new one is needed and `is_full`.
    fn branch(&mut self, token: &'a [u8], is_full: bool, size: &mut usize) -> Option<&mut Self> {
        let known = match &self.branches {
            Branches::Any(_) => None,
            Branches::Tokens(list) => list.iter().position(|(each, _)| *each == token),
        };
        let is_room = match &self.branches {
            Branches::Any(_) => false,
            Branches::Tokens(list) => list.len() < LOG_VARIANTS,
        };
        if known.is_none() && is_room && is_full {
            return None;
        }
        if known.is_none() && !is_room {
            self.collapse(size);
        }
        match &mut self.branches {
            Branches::Any(any) => Some(any),
            Branches::Tokens(list) => {
                let at = known.unwrap_or_else(|| {
                    list.push((token, Node::default()));
                    list.len() - 1
                });
                Some(&mut list[at].1)
            }
        }
    }

    /// Makes the position `<*>`.
    fn collapse(&mut self, size: &mut usize) {
        if let Branches::Tokens(list) = &mut self.branches {
            let mut any = Box::<Node>::default();
            for (_, branch) in std::mem::take(list) {
                any.merge(branch, size);
            }
            self.branches = Branches::Any(any);
        }
    }

    fn merge(&mut self, from: Self, size: &mut usize) {
        if let Some(leaf) = from.leaf {
            *size -= usize::from(self.leaf.is_some());
            join(&mut self.leaf, leaf);
        }
        match from.branches {
            Branches::Any(other) => {
                self.collapse(size);
                if let Branches::Any(any) = &mut self.branches {
                    any.merge(*other, size);
                }
            }
            Branches::Tokens(others) => {
                for (token, branch) in others {
                    if let Some(mine) = self.branch(token, false, size) {
                        mine.merge(branch, size);
                    }
                }
            }
        }
    }
}

impl Default for Branches<'_> {
    fn default() -> Self {
        Self::Tokens(Vec::new())
    }
}

fn join(into: &mut Option<Leaf>, other: Leaf) {
    let known = into.get_or_insert(Leaf { count: 0, ..other });
    known.count += other.count;
    known.first = known.first.min(other.first);
    known.last = known.last.max(other.last);
}

fn below<'a>(
    all: &mut Vec<Template<'a>>,
    level: u8,
    node: &Node<'a>,
    tokens: &mut Vec<Option<&'a [u8]>>,
) {
    if let Some(leaf) = node.leaf {
        all.push((level, tokens.clone(), leaf));
    }
    let mut branches: Vec<(Option<&[u8]>, &Node)> = match &node.branches {
        Branches::Any(any) => vec![(None, any)],
        Branches::Tokens(list) => list
            .iter()
            .map(|(token, node)| (Some(*token), node))
            .collect(),
    };
    branches.sort_unstable_by_key(|(token, _)| *token);
    for (token, branch) in branches {
        tokens.push(token);
        below(all, level, branch, tokens);
        tokens.pop();
    }
}
