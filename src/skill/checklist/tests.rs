use super::{Checklist, CodeLoss, Counts, PackageCount, PageNote, Verdict};

/// A build in which all is well.
fn good() -> Counts {
    Counts {
        pages_read: 60,
        pages_selected: 60,
        pages_kept: 60,
        examples: 2,
        references: 5,
        code_in_html: 40,
        code_in_markdown: 40,
        packages: vec![PackageCount { file: "tool.zip".into(), bytes: 9, entries: 8, valid: true }],
        ..Counts::default()
    }
}

#[track_caller]
fn check(counts: &Counts, id: &str, verdict: Verdict, score: u32) {
    let checklist = Checklist::of("tool", counts, Vec::new());
    let item = checklist.items.iter().find(|item| item.id == id).unwrap();
    assert_eq!((item.verdict, checklist.score), (verdict, score), "{id}: {}", checklist.breakdown());
}

#[test]
fn what_is_counted_makes_verdicts_and_the_number() {
    check(&good(), "config", Verdict::Pass, 100);
    check(&good(), "placed", Verdict::Unmeasured, 100);
    // Too few pages are told and cost nothing.
    check(
        &Counts { pages_kept: 12, pages_read: 12, pages_selected: 12, ..good() },
        "target",
        Verdict::Remark,
        100,
    );
    check(&Counts { pages_selected: 30, ..good() }, "config", Verdict::Remark, 90);
    check(&Counts { pages_selected: 3, ..good() }, "config", Verdict::Fail, 81);
    check(&Counts { ill_named: vec!["08.md".into()], ..good() }, "categories", Verdict::Fail, 85);
    check(&Counts { examples: 0, ..good() }, "examples", Verdict::Remark, 95);
    check(&Counts { packages: vec![], ..good() }, "packaged", Verdict::Fail, 90);
    let losses = vec![CodeLoss { url: "https://d.example/a".into(), html: 9, markdown: 5 }];
    check(&Counts { code_in_markdown: 36, code_losses: losses, ..good() }, "code", Verdict::Remark, 98);
    let failed = [("HTTP 500".to_owned(), 6)].into();
    check(&Counts { failed, ..good() }, "scraped", Verdict::Remark, 99);
    let nothing_there = |pages: u64| [("soft_404".to_owned(), pages), ("trap".to_owned(), 900)].into();
    check(&Counts { skipped: nothing_there(9), ..good() }, "answered", Verdict::Pass, 100);
    check(&Counts { skipped: nothing_there(40), ..good() }, "answered", Verdict::Remark, 96);
    check(&Counts { skipped: nothing_there(540), ..good() }, "answered", Verdict::Fail, 91);
    check(&Counts { addressing: 1, ..good() }, "instructions", Verdict::Remark, 100);
    // Pages without code have none to show.
    check(
        &Counts { examples: 0, code_in_html: 0, code_in_markdown: 0, ..good() },
        "examples",
        Verdict::Unmeasured,
        100,
    );
}

#[test]
fn it_is_read_back_as_it_was_written() {
    let note = PageNote {
        url: "https://d.example/a".into(),
        kind: "hidden_text".into(),
        message: "one *hidden* text".into(),
    };
    let checklist = Checklist::of("tool", &good(), vec![note.clone(), note]);
    assert_eq!(checklist.pages.len(), 1);
    let json = serde_json::to_string(&checklist).unwrap();
    assert_eq!(serde_json::from_str::<Checklist>(&json).unwrap(), checklist);
    assert_eq!(checklist.to_string(), "100/100: 10 pass, 0 remark, 0 fail");
    let page = checklist.to_markdown();
    assert!(page.starts_with("# tool: quality\n\n100/100: 10 pass"), "{page}");
    assert!(page.contains("- [x] Code examples extracted: 100 % (pass)\n"), "{page}");
    assert!(page.contains("\n- <https://d.example/a>: hidden text: one \\*hidden\\* text\n"), "{page}");
}
