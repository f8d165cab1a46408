//! Databases that fail, and those that cannot be opened.

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use telephone::queue::{Queue, QueueError, QueueSettings, Storage};
use telephone::{State, Submission};

use crate::runners::Words;
use crate::storage::{LONG, Place, until};

async fn refusal(storage: Storage) -> QueueError {
    Queue::open(QueueSettings::new(storage)).await.unwrap_err()
}

#[tokio::test]
async fn tables_of_a_newer_release_are_left_alone() {
    let place = Place::file();
    place.open().await.shutdown(LONG).await.unwrap();
    let Storage::File(path) = place.storage() else { panic!() };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute("UPDATE telephone_schema SET version = 7").await.unwrap();
    connection.close().await.unwrap();
    let refusal = refusal(place.storage()).await;
    assert!(matches!(refusal, QueueError::Newer { found: 7, .. }), "{refusal}");
    assert!(refusal.to_string().starts_with("the tables of the queue are of version 7"));
}

#[tokio::test]
async fn a_file_of_something_else_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("letter.txt");
    let letter = "Dear Sir or Madam, ".repeat(100);
    std::fs::write(&path, &letter).unwrap();
    let refusal = refusal(Storage::File(path.clone())).await;
    assert!(refusal.to_string().contains("file is not a database"), "{refusal}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

#[tokio::test]
async fn a_path_that_cannot_be_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refusal = refusal(Storage::File(file.join("queue.sqlite"))).await;
    assert!(matches!(refusal, QueueError::File { .. }), "{refusal}");
    assert!(refusal.to_string().contains("file/queue.sqlite cannot be opened"), "{refusal}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_told_without_its_password() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().to_str().unwrap().replace('/', "%2F");
    let url = format!("postgres://someone:secret@{socket}/nothing");
    let settings = QueueSettings::new(Storage::Postgres(url));
    assert!(!format!("{settings:?}").contains("secret"));
    let refusal = Queue::open(settings).await.unwrap_err();
    assert!(refusal.to_string().starts_with("the queue could not open its database"), "{refusal}");
    assert!(!format!("{refusal} {refusal:?}").contains("secret"));
}

/// What a restart of PostgreSQL does to its servers.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_are_made_again() {
    let Some(place) = Place::postgres() else { return };
    let Storage::Postgres(url) = place.storage() else { panic!() };
    let (one, two) = (place.open().await, place.open().await);
    let words = Words::new();
    one.start(words.clone());
    let id = two.submit(Submission::new("gate 1")).await.unwrap().job.id;
    let ended = tokio::spawn({
        let (two, id) = (two.clone(), id.clone());
        async move { two.wait(&id, LONG).await.unwrap().unwrap() }
    });
    until(async || one.job(&id).await.unwrap().unwrap().state == State::Running).await;

    let mut connection = PgConnection::connect(&url).await.unwrap();
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..5 {
        connection.execute(cut).await.unwrap();
        two.submit(Submission::new("say cut").key("cut")).await.unwrap();
    }
    words.open();
    assert_eq!(ended.await.unwrap().value.as_deref(), Some("1"));
    let next = two.submit(Submission::new("say 2")).await.unwrap().job.id;
    assert_eq!(two.wait(&next, LONG).await.unwrap().unwrap().value.as_deref(), Some("2"));
}
