import GRDB

/// The tables of journal.sqlite.
///
/// A released migration never changes; a new one follows it.
enum JournalSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 change sets") { database in
            try database.execute(
                sql: """
                    CREATE TABLE change_set (
                        id TEXT PRIMARY KEY NOT NULL,
                        kind TEXT NOT NULL,
                        state TEXT NOT NULL,
                        created INTEGER NOT NULL,
                        incarnation TEXT NOT NULL,
                        prefix TEXT NOT NULL,
                        uploads BLOB NOT NULL,
                        reverts TEXT REFERENCES change_set(id),
                        keep_old_until INTEGER NOT NULL,
                        reference_count INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE file_move (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        attachment INTEGER NOT NULL,
                        role TEXT NOT NULL,
                        old BLOB NOT NULL,
                        new BLOB NOT NULL,
                        device INTEGER, inode INTEGER, size INTEGER, mode INTEGER,
                        owner INTEGER, grp INTEGER, modified INTEGER, links INTEGER,
                        digest BLOB,
                        new_name_existed INTEGER NOT NULL,
                        old_name TEXT NOT NULL,
                        keep_reason TEXT,
                        reverted_by TEXT REFERENCES change_set(id),
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX file_move_by_old ON file_move (old);
                    CREATE INDEX file_move_by_new ON file_move (new);
                    CREATE INDEX file_move_by_digest ON file_move (digest);
                    CREATE TABLE cell_edit (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        table_name TEXT NOT NULL,
                        row_key TEXT NOT NULL,
                        column_name TEXT NOT NULL,
                        transactional INTEGER NOT NULL,
                        reference_count INTEGER NOT NULL,
                        before BLOB NOT NULL,
                        after BLOB NOT NULL,
                        splices BLOB NOT NULL,
                        paths BLOB NOT NULL,
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX cell_edit_by_after ON cell_edit (change_set, after);
                    CREATE TABLE file_edit (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        path BLOB NOT NULL,
                        before BLOB NOT NULL,
                        after BLOB NOT NULL,
                        modified INTEGER NOT NULL,
                        splices BLOB NOT NULL,
                        paths BLOB NOT NULL,
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE directory_time (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        directory BLOB NOT NULL,
                        before INTEGER NOT NULL,
                        after INTEGER,
                        PRIMARY KEY (change_set, directory)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE finding (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        kind TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        attachment INTEGER,
                        table_name TEXT,
                        row_key TEXT,
                        column_name TEXT,
                        detail TEXT NOT NULL,
                        count INTEGER NOT NULL,
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("2 custody") { database in
            try database.execute(
                sql: """
                    ALTER TABLE change_set ADD COLUMN is_lost INTEGER NOT NULL DEFAULT 0;
                    CREATE TABLE released_original (
                        digest BLOB PRIMARY KEY NOT NULL,
                        released INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE site_binding (
                        prefix TEXT PRIMARY KEY NOT NULL,
                        incarnation TEXT NOT NULL,
                        database_name TEXT NOT NULL,
                        uploads BLOB NOT NULL,
                        device INTEGER NOT NULL,
                        inode INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("3 parts") { database in
            try database.execute(
                sql: """
                    ALTER TABLE cell_edit ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
                    CREATE INDEX cell_edit_by_part ON cell_edit (change_set, part);
                    ALTER TABLE finding ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
                    """)
        }
        migrator.registerMigration("4 assignments") { database in
            try database.execute(
                sql: """
                    CREATE TABLE assignment (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        attachment INTEGER NOT NULL,
                        field TEXT NOT NULL,
                        table_name TEXT NOT NULL,
                        row_key TEXT,
                        column_name TEXT NOT NULL,
                        row TEXT,
                        before BLOB,
                        after BLOB,
                        is_text INTEGER NOT NULL,
                        provider TEXT,
                        model TEXT,
                        paths BLOB NOT NULL,
                        reverted_by TEXT REFERENCES change_set(id),
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX assignment_by_attachment ON assignment (attachment);
                    CREATE INDEX assignment_by_revert ON assignment (reverted_by)
                        WHERE reverted_by IS NOT NULL;
                    ALTER TABLE cell_edit ADD COLUMN kind TEXT NOT NULL DEFAULT 'rewrite';
                    ALTER TABLE cell_edit ADD COLUMN assignment INTEGER;
                    ALTER TABLE cell_edit ADD COLUMN row TEXT;
                    ALTER TABLE finding ADD COLUMN assignment INTEGER;
                    CREATE INDEX cell_edit_by_assignment ON cell_edit (change_set, assignment)
                        WHERE assignment IS NOT NULL;
                    """)
        }
        migrator.registerMigration("5 long histories") { database in
            try database.execute(
                sql: """
                    CREATE INDEX file_move_waiting ON file_move (change_set) WHERE \(isWaiting);
                    CREATE INDEX file_move_by_revert ON file_move (reverted_by)
                        WHERE reverted_by IS NOT NULL;
                    """)
        }
        migrator.registerMigration("6 alternatives in contents") { database in
            try database.execute(sql: "ALTER TABLE assignment ADD COLUMN shown TEXT")
        }
        migrator.registerMigration("7 histories of attachments") { database in
            try database.execute(
                sql: "CREATE INDEX file_move_by_attachment ON file_move (attachment)")
        }
        // Splices and paths have a second form, which no earlier version can read.
        migrator.registerMigration("8 shared beginnings") { _ in }
        // A row of a table WITHOUT ROWID has at most a quarter of a page, and the rest of it a page of
        // its own; an ordinary table takes whole pages, and rows that are added fill them.
        migrator.registerMigration("9 compact cell edits") { database in
            try database.execute(
                sql: """
                    CREATE TABLE compact_cell_edit (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        table_name TEXT NOT NULL,
                        row_key TEXT NOT NULL,
                        column_name TEXT NOT NULL,
                        transactional INTEGER NOT NULL,
                        reference_count INTEGER NOT NULL,
                        before BLOB NOT NULL,
                        after BLOB NOT NULL,
                        splices BLOB NOT NULL,
                        paths BLOB NOT NULL,
                        part INTEGER NOT NULL DEFAULT 1,
                        kind TEXT NOT NULL DEFAULT 'rewrite',
                        assignment INTEGER,
                        row TEXT,
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT;
                    INSERT INTO compact_cell_edit (change_set, sequence, table_name, row_key,
                        column_name, transactional, reference_count, before, after, splices, paths,
                        part, kind, assignment, row)
                    SELECT change_set, sequence, table_name, \(PlainRowKey.shortened("row_key")),
                        column_name, transactional, reference_count, before, after, splices, paths,
                        part, kind, assignment, row
                    FROM cell_edit ORDER BY change_set, sequence;
                    DROP TABLE cell_edit;
                    ALTER TABLE compact_cell_edit RENAME TO cell_edit;
                    CREATE INDEX cell_edit_by_after ON cell_edit (change_set, after);
                    CREATE INDEX cell_edit_by_part ON cell_edit (change_set, part, sequence);
                    CREATE INDEX cell_edit_by_assignment ON cell_edit (change_set, assignment)
                        WHERE assignment IS NOT NULL;
                    UPDATE assignment SET row_key = \(PlainRowKey.shortened("row_key"))
                        WHERE row_key IS NOT NULL;
                    UPDATE finding SET row_key = \(PlainRowKey.shortened("row_key"))
                        WHERE row_key IS NOT NULL;
                    """)
        }
        // As of cell edits. Nothing is looked up by new name, and by digest only when all are.
        migrator.registerMigration("10 compact file moves") { database in
            try database.execute(
                sql: """
                    CREATE TABLE compact_file_move (
                        change_set TEXT NOT NULL REFERENCES change_set(id),
                        sequence INTEGER NOT NULL,
                        attachment INTEGER NOT NULL,
                        role TEXT NOT NULL,
                        old BLOB NOT NULL,
                        new BLOB NOT NULL,
                        device INTEGER, inode INTEGER, size INTEGER, mode INTEGER,
                        owner INTEGER, grp INTEGER, modified INTEGER, links INTEGER,
                        digest BLOB,
                        new_name_existed INTEGER NOT NULL,
                        old_name TEXT NOT NULL,
                        keep_reason TEXT,
                        reverted_by TEXT REFERENCES change_set(id),
                        PRIMARY KEY (change_set, sequence)
                    ) STRICT;
                    INSERT INTO compact_file_move SELECT change_set, sequence, attachment, role, old,
                        new, device, inode, size, mode, owner, grp, modified, links, digest,
                        new_name_existed, old_name, keep_reason, reverted_by
                    FROM file_move ORDER BY change_set, sequence;
                    DROP TABLE file_move;
                    ALTER TABLE compact_file_move RENAME TO file_move;
                    CREATE INDEX file_move_by_old ON file_move (old);
                    CREATE INDEX file_move_by_attachment ON file_move (attachment);
                    CREATE INDEX file_move_waiting ON file_move (change_set) WHERE \(isWaiting);
                    CREATE INDEX file_move_by_revert ON file_move (reverted_by)
                        WHERE reverted_by IS NOT NULL;
                    """)
        }
        // An index over digests takes a page for each edit that is added.
        migrator.registerMigration("11 edits by row") { database in
            try database.execute(
                sql: """
                    DROP INDEX cell_edit_by_after;
                    CREATE INDEX cell_edit_by_row ON cell_edit (change_set, table_name, row_key)
                        WHERE \(hasPlainKey);
                    CREATE INDEX cell_edit_by_after ON cell_edit (change_set, after)
                        WHERE NOT (\(hasPlainKey));
                    """)
        }
        return migrator
    }

    /// What is true of an edit whose row key is not stored as JSON (`PlainRowKey`); part of a released
    /// migration.
    static let hasPlainKey = "substr(row_key, 1, 1) <> '{'"

    /// What is true of a move whose old name waits for being retired; part of a released migration.
    static let isWaiting =
        "old_name = 'alive' AND reverted_by IS NULL AND keep_reason IS NULL AND device IS NOT NULL"
}
