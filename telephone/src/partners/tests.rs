use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::thread;

use super::*;

fn file() -> (tempfile::TempDir, PartnersFile) {
    let directory = tempfile::tempdir().unwrap();
    let file = PartnersFile::at(directory.path().join("house/partners.toml"));
    (directory, file)
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn no_file_has_no_partners_and_makes_none() {
    let (_directory, file) = file();
    assert!(file.load().unwrap().is_empty());
    assert!(!file.path().exists());
}

#[test]
fn what_is_defined_is_read_again_token_and_all() {
    let (_directory, file) = file();
    let attic = KnownPartner::new("http://attic:4242").token("a secret");
    file.change(|partners| {
        partners.define("kitchen", KnownPartner::new("http://kitchen:4242"))?;
        partners.define("attic", attic.clone())?;
        partners.select("attic")
    })
    .unwrap();
    let partners = file.load().unwrap();
    assert_eq!(partners.selected(), Some(("attic", &attic)));
    assert_eq!(partners.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["attic", "kitchen"]);
}

#[test]
fn only_the_owner_may_read_the_file_and_enter_its_directory() {
    let (_directory, file) = file();
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    assert_eq!(mode(file.path()), 0o600);
    assert_eq!(mode(file.path().parent().unwrap()), 0o700);
}

#[test]
fn a_file_that_others_may_read_is_refused_and_left_alone() {
    let (_directory, file) = file();
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    for exposed in [0o640, 0o604, 0o660, 0o602] {
        fs::set_permissions(file.path(), fs::Permissions::from_mode(exposed)).unwrap();
        let before = fs::read(file.path()).unwrap();
        let error = file.change(|partners| partners.remove("a")).unwrap_err();
        assert!(
            matches!(&error, PartnersError::Exposed { mode, .. } if *mode == exposed),
            "{error}"
        );
        assert!(error.to_string().contains("chmod 600"), "{error}");
        assert_eq!(fs::read(file.path()).unwrap(), before);
    }
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let (_directory, file) = file();
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    let before = fs::read(file.path()).unwrap();
    let result = file.change(|partners| {
        partners.define("b", KnownPartner::new("http://b:1"))?;
        partners.select("c")
    });
    let error = result.unwrap_err().to_string();
    assert!(error.contains("\"c\"") && error.contains("a, b"), "{error}");
    assert_eq!(fs::read(file.path()).unwrap(), before);
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let (_directory, file) = file();
    thread::scope(|scope| {
        for writer in 0..4 {
            let file = &file;
            scope.spawn(move || {
                for turn in 0..10 {
                    let partner = KnownPartner::new(format!("http://host-{writer}-{turn}:4242"));
                    let name = format!("p{writer}-{turn}");
                    file.change(|partners| partners.define(&name, partner)).unwrap();
                    assert!(file.load().unwrap().partner(&name).is_some());
                }
            });
        }
    });
    assert_eq!(file.load().unwrap().iter().count(), 40);
    let mut beside = fs::read_dir(file.path().parent().unwrap()).unwrap();
    let stray = beside.find(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name != "partners.toml" && name != "partners.lock"
    });
    assert!(stray.is_none(), "{stray:?}");
}

#[test]
fn a_link_stays_a_link() {
    let (directory, file) = file();
    let link = PartnersFile::at(directory.path().join("link.toml"));
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    symlink(file.path(), link.path()).unwrap();
    link.change(|partners| partners.define("b", KnownPartner::new("http://b:1"))).unwrap();
    assert!(fs::symlink_metadata(link.path()).unwrap().is_symlink());
    assert_eq!(file.load().unwrap().iter().count(), 2);
}

#[test]
fn what_is_wrong_in_a_file_is_told_by_its_line_and_without_its_tokens() {
    let (_directory, file) = file();
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    for (text, expected) in [
        ("[partners.a]\naddress = 'http://a:1'\ntoken = 'hush", "(line 3)"),
        ("[partners.a]\naddress = 'http://a:1'\ntoken = 31337", "(line 3)"),
        ("[partners.a]\naddress = 'http://a:1'\ntokken = 'hush'", "tokken"),
        ("[partners.a]\ntoken = 'hush'", "address"),
        ("[partners.'-a']\naddress = 'http://a:1'\ntoken = 'hush'", "-a"),
        ("[partners.a]\naddress = 'gopher://a:1'\ntoken = 'hush'", "gopher"),
        ("selected = 'b'\n[partners.a]\naddress = 'http://a:1'\ntoken = 'hush'", "\"b\""),
    ] {
        fs::write(file.path(), text).unwrap();
        let error = file.load().unwrap_err();
        assert!(matches!(error, PartnersError::Malformed { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        let is_told = |token| error.to_string().contains(token);
        assert!(!is_told("hush") && !is_told("31337"), "{error}");
    }
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let (_directory, file) = file();
    file.change(|partners| partners.define("a", KnownPartner::new("http://a:1"))).unwrap();
    fs::write(file.path(), "#".repeat((1 << 20) + 1)).unwrap();
    assert!(file.load().unwrap_err().to_string().contains("longer than 1048576 octets"));
}

#[test]
fn a_name_cannot_be_taken_for_an_address_or_a_flag() {
    let mut partners = Partners::default();
    for name in ["", "-a", ".", "a b", "a/b", "http://a", "a:1", "ä", &"a".repeat(65)] {
        let error = partners.define(name, KnownPartner::new("http://a:1")).unwrap_err();
        assert!(matches!(error, PartnersError::Name { .. }), "{name:?}: {error}");
    }
    for name in ["a", "A-1", "thats-me", "10.0.0.7", &"a".repeat(64)] {
        partners.define(name, KnownPartner::new("http://a:1")).unwrap();
    }
}

#[test]
fn who_is_removed_is_selected_no_longer() {
    let mut partners = Partners::default();
    for name in ["a", "b"] {
        partners.define(name, KnownPartner::new("http://a:1")).unwrap();
    }
    partners.remove("a").unwrap();
    assert_eq!(partners.selected().unwrap().0, "b");
    partners.remove("b").unwrap();
    assert_eq!(partners.selected(), None);
    assert!(matches!(partners.remove("b"), Err(PartnersError::Unknown { .. })));
}

#[test]
fn a_token_is_not_shown() {
    let partner = KnownPartner::new("http://a:1").token("hush");
    assert!(!format!("{partner:?}").contains("hush"));
}
