//! Rows of choices in which every two choices of different questions meet.

use std::collections::BTreeSet;

/// Two choices: of question and word, and of another question and word behind it.
pub type Pair = ((usize, usize), (usize, usize));

pub fn pair(one: (usize, usize), other: (usize, usize)) -> Pair {
    if one.0 < other.0 { (one, other) } else { (other, one) }
}

/// Returns rows with one choice for each question, of which `sizes` says how many choices it has, so that every two choices
/// of different questions stand in some row. Each row starts with the first pair that is missing, and takes for every other
/// question the choice that brings most missing pairs; of equals the one that was taken least. Pairs that meet in `there`
/// already are not missing, and no row holds two choices that are `barred` from each other.
pub fn cover(sizes: &[usize], there: &[Vec<usize>], barred: &BTreeSet<Pair>) -> Vec<Vec<usize>> {
    let mut missing: BTreeSet<Pair> = BTreeSet::new();
    for (one, count) in sizes.iter().enumerate() {
        for (other, others) in sizes.iter().enumerate().skip(one + 1) {
            missing.extend((0..*count).flat_map(|a| (0..*others).map(move |b| ((one, a), (other, b)))));
        }
    }
    missing.retain(|pair| !barred.contains(pair));
    for row in there {
        strike(&mut missing, row);
    }
    let mut taken: Vec<Vec<usize>> = sizes.iter().map(|count| vec![0; *count]).collect();
    let mut rows = Vec::new();
    while let Some(&(first, second)) = missing.first() {
        let mut row: Vec<Option<usize>> = vec![None; sizes.len()];
        row[first.0] = Some(first.1);
        row[second.0] = Some(second.1);
        for question in 0..sizes.len() {
            if row[question].is_some() {
                continue;
            }
            let news = |choice: usize| {
                let others = row.iter().enumerate().filter_map(|(other, word)| Some((other, (*word)?)));
                others.filter(|other| missing.contains(&pair((question, choice), *other))).count()
            };
            let fits = |choice: &usize| {
                let mut others = row.iter().enumerate().filter_map(|(other, word)| Some((other, (*word)?)));
                others.all(|other| !barred.contains(&pair((question, *choice), other)))
            };
            let best = (0..sizes[question])
                .filter(fits)
                .max_by_key(|choice| (news(*choice), std::cmp::Reverse((taken[question][*choice], *choice))));
            row[question] = best;
        }
        let row: Vec<usize> = row.into_iter().map(Option::unwrap_or_default).collect();
        row.iter().enumerate().for_each(|(one, choice)| taken[one][*choice] += 1);
        strike(&mut missing, &row);
        missing.remove(&(first, second));
        rows.push(row);
    }
    rows
}

/// Takes the pairs of a row out of those that are missing.
fn strike(missing: &mut BTreeSet<Pair>, row: &[usize]) {
    for (one, a) in row.iter().enumerate() {
        for (other, b) in row.iter().enumerate().skip(one + 1) {
            missing.remove(&((one, *a), (other, *b)));
        }
    }
}

/// Returns how many pairs of choices stand in some row.
pub fn met(rows: &[Vec<usize>]) -> usize {
    let of_row = |row: &Vec<usize>| {
        let choices: Vec<(usize, usize)> = row.iter().copied().enumerate().collect();
        let pairs = choices.iter().enumerate().flat_map(|(at, one)| {
            choices[at + 1..].iter().map(|other| (*one, *other)).collect::<Vec<Pair>>()
        });
        pairs.collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect::<BTreeSet<Pair>>().len()
}

#[test]
fn every_two_choices_meet_and_rows_are_few() {
    let sizes = [7, 6, 5, 4, 3, 3, 2, 2];
    let none = BTreeSet::new();
    let rows = cover(&sizes, &[], &none);
    for (one, count) in sizes.iter().enumerate() {
        for (other, others) in sizes.iter().enumerate().skip(one + 1) {
            for (a, b) in (0..*count).flat_map(|a| (0..*others).map(move |b| (a, b))) {
                assert!(rows.iter().any(|row| row[one] == a && row[other] == b), "{one}={a} and {other}={b}");
            }
        }
    }
    // Fewer there cannot be than the two largest questions have pairs.
    assert!((42..=60).contains(&rows.len()), "{} rows", rows.len());
    assert_eq!(rows, cover(&sizes, &[], &none), "the same every time");
    assert_eq!(cover(&sizes, &rows, &none), Vec::<Vec<usize>>::new(), "all of them are there");
    let barred = BTreeSet::from([pair((0, 1), (1, 2))]);
    assert!(cover(&sizes, &[], &barred).iter().all(|row| row[0] != 1 || row[1] != 2));
}
