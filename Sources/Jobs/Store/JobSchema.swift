import HomeStore
import Model

/// The tables of jobs.sqlite.
enum JobSchema {
    static let file = HomeDatabaseDescription(
        name: "jobs", versions: [sql, uploadOptions], unusable: .jobsUnusable,
        subject: { "\($0), the queue of jobs," },
        remedy:
            "check the space and rights of its folder, or move the file away to begin with an empty queue"
    )

    /// How uploads are described.
    private static let uploadOptions = """
        CREATE TABLE upload_options (
            id INTEGER PRIMARY KEY CHECK (id = 1), options TEXT NOT NULL
        ) STRICT;
        """

    private static let sql = """
        CREATE TABLE job (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL, origin TEXT NOT NULL, priority INTEGER NOT NULL,
            state TEXT NOT NULL, request TEXT, options TEXT NOT NULL, key TEXT UNIQUE,
            schedule TEXT, created INTEGER NOT NULL, started INTEGER, finished INTEGER,
            not_before INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
            deaths INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
            is_retry INTEGER NOT NULL DEFAULT 0,
            fence INTEGER NOT NULL DEFAULT 0, holder TEXT, lease_boot TEXT, lease_until INTEGER,
            phase TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
            total INTEGER NOT NULL DEFAULT 0, eta INTEGER,
            applied INTEGER NOT NULL DEFAULT 0, review INTEGER NOT NULL DEFAULT 0,
            skipped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
            journal TEXT, error_code TEXT, error_message TEXT, report TEXT
        ) STRICT;
        CREATE INDEX job_by_state ON job (state, priority DESC, sequence);
        CREATE TABLE change_set (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, journal TEXT NOT NULL,
            outcome TEXT, PRIMARY KEY (job, journal)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE item (
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, attachment INTEGER NOT NULL,
            state TEXT NOT NULL, reason TEXT, detail TEXT NOT NULL,
            PRIMARY KEY (job, attachment)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX item_by_state ON item (job, state, attachment);
        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, kind TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT;
        CREATE INDEX event_by_job ON event (job, id);
        CREATE TABLE upload (
            attachment INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE schedule (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL, options TEXT NOT NULL, priority INTEGER NOT NULL,
            cron TEXT NOT NULL, created INTEGER NOT NULL, next INTEGER, last_job TEXT
        ) STRICT;
        """
}
