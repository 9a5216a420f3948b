"""WordPress's tables: columns, indexes and the rows of a site, for both databases."""

import datetime

from .library import MIME_TYPES, UPLOADS

ID, NUMBER, DATE, LONG, TEXT = "bigint(20) unsigned", "bigint(20)", "datetime", "longtext", "text"
# Table: its columns as (name, type, default or None), its key, its indexes as MariaDB writes them.
TABLES = {
    "posts": (
        [("ID", ID, None), ("post_author", ID, 0), ("post_date", DATE, ""), ("post_date_gmt", DATE, ""),
         ("post_content", LONG, None), ("post_title", TEXT, None), ("post_excerpt", TEXT, None),
         ("post_status", "varchar(20)", "publish"), ("comment_status", "varchar(20)", "open"),
         ("ping_status", "varchar(20)", "open"), ("post_password", "varchar(255)", ""), ("post_name", "varchar(200)", ""),
         ("to_ping", TEXT, None), ("pinged", TEXT, None), ("post_modified", DATE, ""), ("post_modified_gmt", DATE, ""),
         ("post_content_filtered", LONG, None), ("post_parent", ID, 0), ("guid", "varchar(255)", ""),
         ("menu_order", "int(11)", 0), ("post_type", "varchar(20)", "post"), ("post_mime_type", "varchar(100)", ""),
         ("comment_count", NUMBER, 0)],
        "ID", ["post_name(191)", "post_type,post_status,post_date,ID", "post_parent", "post_author"]),
    "postmeta": (
        [("meta_id", ID, None), ("post_id", ID, 0), ("meta_key", "varchar(255)", "NULL"), ("meta_value", LONG, "NULL")],
        "meta_id", ["post_id", "meta_key(191)"]),
    "options": (
        [("option_id", ID, None), ("option_name", "varchar(191)", ""), ("option_value", LONG, None),
         ("autoload", "varchar(20)", "yes")],
        "option_id", ["UNIQUE option_name", "autoload"]),
    "comments": (
        [("comment_ID", ID, None), ("comment_post_ID", ID, 0), ("comment_author", "tinytext", None),
         ("comment_author_email", "varchar(100)", ""), ("comment_author_url", "varchar(200)", ""),
         ("comment_author_IP", "varchar(100)", ""), ("comment_date", DATE, ""), ("comment_date_gmt", DATE, ""),
         ("comment_content", TEXT, None), ("comment_karma", "int(11)", 0), ("comment_approved", "varchar(20)", "1"),
         ("comment_agent", "varchar(255)", ""), ("comment_type", "varchar(20)", "comment"), ("comment_parent", ID, 0),
         ("user_id", ID, 0)],
        "comment_ID", ["comment_post_ID", "comment_approved,comment_date_gmt", "comment_date_gmt", "comment_parent",
                       "comment_author_email(10)"]),
    "commentmeta": (
        [("meta_id", ID, None), ("comment_id", ID, 0), ("meta_key", "varchar(255)", "NULL"), ("meta_value", LONG, "NULL")],
        "meta_id", ["comment_id", "meta_key(191)"]),
    "terms": (
        [("term_id", ID, None), ("name", "varchar(200)", ""), ("slug", "varchar(200)", ""), ("term_group", NUMBER, 0)],
        "term_id", ["slug(191)", "name(191)"]),
    "termmeta": (
        [("meta_id", ID, None), ("term_id", ID, 0), ("meta_key", "varchar(255)", "NULL"), ("meta_value", LONG, "NULL")],
        "meta_id", ["term_id", "meta_key(191)"]),
    "term_taxonomy": (
        [("term_taxonomy_id", ID, None), ("term_id", ID, 0), ("taxonomy", "varchar(32)", ""), ("description", LONG, None),
         ("parent", ID, 0), ("count", NUMBER, 0)],
        "term_taxonomy_id", ["UNIQUE term_id,taxonomy", "taxonomy"]),
    "term_relationships": (
        [("object_id", ID, 0), ("term_taxonomy_id", ID, 0), ("term_order", "int(11)", 0)],
        "object_id,term_taxonomy_id", ["term_taxonomy_id"]),
    "users": (
        [("ID", ID, None), ("user_login", "varchar(60)", ""), ("user_pass", "varchar(255)", ""),
         ("user_nicename", "varchar(50)", ""), ("user_email", "varchar(100)", ""), ("user_url", "varchar(100)", ""),
         ("user_registered", DATE, ""), ("user_activation_key", "varchar(255)", ""), ("user_status", "int(11)", 0),
         ("display_name", "varchar(250)", "")],
        "ID", ["user_login", "user_nicename", "user_email"]),
    "usermeta": (
        [("umeta_id", ID, None), ("user_id", ID, 0), ("meta_key", "varchar(255)", "NULL"), ("meta_value", LONG, "NULL")],
        "umeta_id", ["user_id", "meta_key(191)"]),
    "links": (
        [("link_id", ID, None), ("link_url", "varchar(255)", ""), ("link_name", "varchar(255)", ""),
         ("link_image", "varchar(255)", ""), ("link_description", "varchar(255)", ""), ("link_notes", "mediumtext", None)],
        "link_id", []),
}
NO_DATE = "0000-00-00 00:00:00"


def counts_up(table):
    columns, key, _ = TABLES[table]
    return columns[0][0] == key


def default_of(kind, value):
    if value == "NULL":
        return "DEFAULT NULL"
    if value is None:
        return "NOT NULL"
    return f"NOT NULL DEFAULT '{NO_DATE if kind == DATE else value}'"


def mariadb_schema():
    for table, (columns, key, indexes) in TABLES.items():
        lines = [f"`{name}` {kind} {default_of(kind, value)}" for name, kind, value in columns]
        if counts_up(table):
            lines[0] += " AUTO_INCREMENT"
        lines.append(f"PRIMARY KEY ({key})")
        for number, index in enumerate(indexes):
            unique = "UNIQUE " if index.startswith("UNIQUE ") else ""
            lines.append(f"{unique}KEY index_{number} ({index.removeprefix('UNIQUE ')})")
        yield (f"CREATE TABLE wp_{table} ({', '.join(lines)}) ENGINE=InnoDB "
               "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci")


def sqlite_schema():
    """The tables as the SQLite Database Integration plugin lays them out."""
    for table, (columns, key, indexes) in TABLES.items():
        lines = []
        for name, kind, value in columns:
            affinity = "integer" if "int(" in kind else "text"
            if counts_up(table) and name == key:
                lines.append(f'"{name}" integer PRIMARY KEY AUTOINCREMENT NOT NULL')
                continue
            collation = " COLLATE NOCASE" if affinity == "text" else ""
            lines.append(f'"{name}" {affinity} {default_of(kind, value)}{collation}')
        if not counts_up(table):
            lines.append(f"PRIMARY KEY ({key})")
        yield f'CREATE TABLE "wp_{table}" ({", ".join(lines)})'
        for number, index in enumerate(indexes):
            unique = "UNIQUE " if index.startswith("UNIQUE ") else ""
            names = ", ".join(part.split("(")[0] for part in index.removeprefix("UNIQUE ").split(","))
            yield f'CREATE {unique}INDEX "wp_{table}__{number}" ON "wp_{table}" ({names})'
    yield ('CREATE TABLE "_mysql_data_types_cache" ("table" text NOT NULL, "column_or_index" text NOT NULL, '
           '"mysql_type" text NOT NULL, PRIMARY KEY ("table", "column_or_index"))')
    for table, (columns, _, _) in TABLES.items():
        for name, kind, _ in columns:
            yield f"INSERT INTO \"_mysql_data_types_cache\" VALUES ('wp_{table}', '{name}', '{kind}')"


def date_of(number):
    return str(datetime.datetime(2012, 1, 1) + datetime.timedelta(minutes=number * 61 % 6_800_000))


def post_row(site, number):
    """The row of wp_posts with the id `number`, an attachment's or a post's."""
    if number <= len(site.library):
        picture = site.library[number]
        when = f"{picture.folder.replace('/', '-')}-15 10:00:00"
        # The guid and the slug remember the name of the upload for ever.
        return (number, 1, when, when, "", picture.title(), "", "inherit", "open", "closed", "", picture.old_stem.lower(),
                "", "", when, when, "", 0, f"{UPLOADS}{picture.folder}/{picture.old_stem}.{picture.extension}", 0,
                "attachment", MIME_TYPES[picture.extension], 0)
    when = date_of(number)
    kind = ("post", "post", "post", "page", "revision")[number % 5]
    status = "inherit" if kind == "revision" else "publish"
    return (number, 1 + number % 20, when, when, site.content(number), f"Post {number} about things", "", status, "open",
            "open", "", f"post-{number}", "", "", when, when, "", number - 1 if kind == "revision" else 0,
            f"https://example.com/?p={number}", 0, kind, "", 0)


def comment_row(site, number):
    when = date_of(number)
    return (number, site.first_post() + number, "Ada", "ada@example.com", "", "192.0.2.1", when, when,
            site.comment(number), 0, "1", "Browser", "comment", 0, 0)


def meta_rows(site):
    number = 0
    for post in range(1, site.first_post() + site.posts):
        is_attachment = post <= len(site.library)
        pairs = site.attachment_meta(site.library[post]) if is_attachment else site.post_meta(post)
        for key, value in pairs:
            number += 1
            yield number, post, key, value


def rows(site, table):
    """The rows of a table in the order of its key."""
    if table == "posts":
        return (post_row(site, number) for number in range(1, site.first_post() + site.posts))
    if table == "postmeta":
        return meta_rows(site)
    if table == "options":
        return ((number, name, value, "yes") for number, (name, value) in enumerate(site.options(), 1))
    if table == "comments":
        return (comment_row(site, number) for number in range(1, site.comments() + 1))
    if table == "terms":
        return ((number, f"Topic {number}", f"topic-{number}", 0) for number in range(1, 201))
    if table == "term_taxonomy":
        return ((number, number, "category", "", 0, site.posts // 200) for number in range(1, 201))
    if table == "term_relationships":
        return ((number, 1 + number % 200, 0) for number in range(site.first_post(), site.first_post() + site.posts))
    if table == "users":
        return ((number, f"user{number}", "$P$B", f"user{number}", f"user{number}@example.com", "", date_of(number), "", 0,
                 f"User {number}") for number in range(1, 21))
    if table == "usermeta":
        return ((number, 1 + number % 20, f"preference_{number}", "true") for number in range(1, 301))
    return iter(())
