use super::*;

fn names(group: &Group) -> Vec<String> {
    let name = |v: &View| v.path.display().to_string() + if v.preview { "?" } else { "" };
    group.views.iter().map(name).collect()
}

fn seen(groups: &Groups) -> String {
    groups
        .view()
        .map_or(String::new(), |v| v.path.display().to_string())
}

fn of(files: &[&str]) -> Groups {
    let mut groups = Groups::default();
    for file in files {
        groups.show(1, Path::new(file), false);
    }
    groups
}

#[test]
fn a_preview_takes_the_place_of_the_one_before_until_it_is_kept() {
    let mut groups = of(&["a", "b"]);
    groups.show(1, Path::new("x"), true);
    groups.show(1, Path::new("y"), true);
    assert_eq!(names(groups.get(1).unwrap()), ["a", "b", "y?"]);
    groups.keep(Path::new("y"));
    groups.show(1, Path::new("z"), true);
    assert_eq!(names(groups.get(1).unwrap()), ["a", "b", "y", "z?"]);
    // Looking again at a file that was kept does not make it a preview; keeping is by opening it as usual.
    groups.show(1, Path::new("y"), true);
    groups.show(1, Path::new("z"), false);
    assert_eq!(names(groups.get(1).unwrap()), ["a", "b", "y", "z"]);
}

#[test]
fn a_new_tab_stands_behind_the_active_one_and_closing_brings_the_last_used_back() {
    let mut groups = of(&["a", "b", "c"]);
    groups.activate(1, 0);
    groups.show(1, Path::new("n"), false);
    assert_eq!(names(groups.get(1).unwrap()), ["a", "n", "b", "c"]);
    groups.close(1, 1);
    assert_eq!(
        seen(&groups),
        "a",
        "looked at before n, not its neighbour b"
    );
    groups.close(1, 0);
    assert_eq!(seen(&groups), "c", "used before a");
}

#[test]
fn a_closed_file_comes_back_the_last_one_first() {
    let mut groups = of(&["a", "b"]);
    groups.close(1, 1);
    groups.close(1, 0);
    assert_eq!(groups.count(), 1, "the only group stays, empty");
    let (path, group, index, _) = groups.last_closed().unwrap();
    assert_eq!((path.as_path(), group, index), (Path::new("a"), 1, 0));
    assert_eq!(groups.last_closed().unwrap().0, Path::new("b"));
    assert!(!groups.has_closed());
}

#[test]
fn a_tab_moves_to_another_group_and_an_empty_group_goes() {
    let mut groups = of(&["a", "b"]);
    let right = groups.add_group(1, Side::Right);
    groups.move_view(1, Path::new("b"), right, None);
    assert_eq!(groups.focus(), right);
    assert_eq!(groups.split().ids(), [1, right]);
    groups.move_view(right, Path::new("b"), 1, Some(0));
    assert_eq!(groups.split().ids(), [1], "nothing is left at the right");
    assert_eq!(groups.focus(), 1);
    assert_eq!(names(groups.get(1).unwrap()), ["b", "a"]);
    // Within the group: to the end.
    groups.move_view(1, Path::new("b"), 1, Some(2));
    assert_eq!(names(groups.get(1).unwrap()), ["a", "b"]);
}

#[test]
fn a_tab_moved_to_where_its_file_is_shown_already_is_one_tab() {
    let mut groups = of(&["a", "b"]);
    let right = groups.add_group(1, Side::Right);
    groups.show(right, Path::new("a"), false);
    groups.move_view(1, Path::new("a"), right, None);
    assert_eq!(names(groups.get(right).unwrap()), ["a"]);
    assert_eq!(names(groups.get(1).unwrap()), ["b"]);
}

#[test]
fn the_keyboard_goes_to_the_neighbour_of_a_group_that_is_gone() {
    let mut groups = of(&["a"]);
    let right = groups.add_group(1, Side::Right);
    groups.show(right, Path::new("a"), false);
    groups.set_focus(1);
    groups.close(1, 0);
    assert_eq!(groups.focus(), right);
    assert!(groups.shows(Path::new("a")));
}

#[test]
fn a_walk_goes_by_last_use_and_ends_where_it_is_let_go() {
    let mut groups = of(&["a", "b", "c"]);
    let go = |groups: &mut Groups, by| {
        let at = groups.walk(by).unwrap();
        groups.pass_by(at);
        seen(groups)
    };
    assert_eq!(go(&mut groups, 1), "b");
    assert_eq!(
        go(&mut groups, 1),
        "a",
        "the order stays while the key is held"
    );
    groups.end_walk();
    // Used last: a, c, b.
    assert_eq!(go(&mut groups, 1), "c");
    groups.end_walk();
    assert_eq!(go(&mut groups, 1), "a", "two keys go to and fro");
    assert_eq!(groups.step(-1), Some(2), "round the ends: before a is c");
}

#[test]
fn what_is_remembered_comes_back_without_files_that_are_gone() {
    let mut groups = of(&["a", "b"]);
    let right = groups.add_group(1, Side::Down);
    groups.show(right, Path::new("gone"), false);
    groups.show(right, Path::new("a"), false);
    let text = serde_json::to_string(&groups.remembered(Path::new("root"))).unwrap();
    let was: Remembered = serde_json::from_str(&text).unwrap();
    let back = Groups::restored(&was, |p| p != Path::new("gone")).unwrap();
    assert_eq!(back.split().ids(), [1, right]);
    assert_eq!(names(back.get(1).unwrap()), ["a", "b"]);
    assert_eq!(seen(&back), "b", "the keyboard was there");
    assert_eq!(names(back.get(right).unwrap()), ["a"]);
    assert!(Groups::restored(&was, |_| false).is_none());
    let back = Groups::restored(&was, |p| p == Path::new("b")).unwrap();
    assert_eq!(back.split().ids(), [1], "a group without files is gone");
}
