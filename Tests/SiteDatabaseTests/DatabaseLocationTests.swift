import Model
import SiteDatabase
import Testing

@Suite struct DatabaseLocationTests {
    @Test func aServerWithEverySetting() throws {
        let location = try DatabaseLocation(
            url: "mariadb://us%65r:p%40ss%3A%2F%3F@db.example.com:3307/my%2Fname?tls=required"
                + "&ca=/ca.pem&cert=/c.pem&key=/k.pem&connect-timeout=3")
        #expect(
            location
                == .mariaDB(
                    MariaDBOptions(
                        host: "db.example.com", port: 3307, user: "user",
                        password: Secret("p@ss:/?"), database: "my/name", tls: .required,
                        caFile: "/ca.pem", clientCertificate: "/c.pem", clientKey: "/k.pem",
                        connectTimeoutSeconds: 3)))
        #expect(!"\(location)".contains("p@ss"))
    }

    @Test func aSocketAndDefaults() throws {
        #expect(
            try DatabaseLocation(url: "mysql://root@/wp?socket=/run/a%20b.sock")
                == .mariaDB(MariaDBOptions(socket: "/run/a b.sock", user: "root", database: "wp")))
        #expect(
            try DatabaseLocation(url: "mysql://root:@[::1]:3306/wp")
                == .mariaDB(MariaDBOptions(host: "::1", user: "root", database: "wp")))
    }

    @Test func aFile() throws {
        #expect(
            try DatabaseLocation(url: "sqlite:///var/www/a%20b/.ht.sqlite")
                == .sqlite(path: "/var/www/a b/.ht.sqlite"))
    }

    @Test(arguments: [
        "", "wp", "postgres://a:secret@b/c", "mysql://a:secret@host", "mysql://a:secret@host/",
        "mysql://host/name", "mysql://a:secret@host:port/name", "mysql://a:secret@host:0/name",
        "mysql://a:secret@host:99999/name", "mysql://a:secret%4@host/name",
        "mysql://a:secret%00@host/name", "mysql://a:secret@host/name?tls=maybe",
        "mysql://a:secret@host/name?unknown=1", "mysql://a:secret@[::1/name", "sqlite://relative",
        "sqlite:///", "mysql://a:secret%FF@host/name",
    ])
    func malformed(url: String) {
        let thrown = failure { _ = try DatabaseLocation(url: url) }
        #expect(thrown?.code == .invalidArgument)
        #expect(thrown?.message.contains("secret") == false)
    }

    @Test func aSecretIsNeverShown() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(MariaDBOptions(user: "u", password: secret, database: "d"), to: &dumped)
        #expect("\(secret) \(String(reflecting: secret))" == "*** ***")
        #expect(!dumped.contains("hunter2"))
        #expect(secret.revealed == "hunter2")
    }
}
