import Foundation
import Testing

extension EndToEnd {
    @Suite("serve, with TLS") struct ServiceTLSTests {
        /// A certificate and its key, made by openssl.
        private func makeCertificate(_ folder: URL, _ name: String) throws -> (
            certificate: String, key: String
        ) {
            let certificate = folder.appendingPathComponent("\(name).pem").path
            let key = folder.appendingPathComponent("\(name)-key.pem").path
            try runHelper(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out",
                    certificate,
                ])
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: key)
            return (certificate, key)
        }

        private func arguments(
            _ site: TestSite, _ certificate: String, _ key: String
        ) -> [String] {
            site.siteArguments + [
                "--json", "serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate,
                "--tls-key", key,
            ]
        }

        private struct Listening: Decodable { var listening: String }

        @Test("It speaks TLS 1.2 and 1.3 alone, and reads a renewed certificate on SIGHUP")
        func speaks() throws {
            try TestSite.with(.sqlite) { site in
                let (certificate, key) = try makeCertificate(site.live, "first")
                let service = try RunningCommand(
                    MonikerBinary.path, arguments(site, certificate, key))
                try service.waitForOutput("listening")
                let port = try #require(Int(try address(of: service)))
                func ask(_ more: [String], trusting: String) throws -> CommandResult {
                    try run(
                        "curl",
                        ["-s", "-i", "--cacert", trusting, "--max-time", "30"] + more
                            + ["https://localhost:\(port)/health/live"])
                }
                for version in [["--tlsv1.2", "--tls-max", "1.2"], ["--tlsv1.3"]] {
                    let answer = try ask(version, trusting: certificate)
                    #expect(answer.status == 0 && answer.output.hasPrefix("HTTP/1.1 200"))
                    #expect(
                        answer.output.lowercased().contains(
                            "strict-transport-security: max-age=31536000"))
                }
                // A client that would speak it, as OpenSSL does only where that is said; so that it
                // is the service that refuses.
                for version in [
                    ["--tlsv1.0", "--tls-max", "1.0"], ["--tlsv1.1", "--tls-max", "1.1"],
                ] {
                    let old = try ask(
                        version + ["-S", "--ciphers", "DEFAULT@SECLEVEL=0"], trusting: certificate)
                    #expect(old.status == 35)
                    #expect(old.errors.contains("alert protocol version"), "\(old.errors)")
                }
                // Without TLS nobody is answered.
                #expect(
                    try run("curl", ["-s", "http://localhost:\(port)/health/live"]).status != 0)

                let second = try makeCertificate(site.live, "second")
                try runHelper("cp", [second.certificate, certificate])
                // Half of a renewal is noticed, and what was there stays in use.
                service.send(SIGHUP)
                try waitForLog(of: service, "certificate-unusable")
                #expect(try ask([], trusting: second.certificate).status == 60)
                try runHelper("cp", [second.key, key])
                service.send(SIGHUP)
                try waitForLog(of: service, "the certificate was read again")
                #expect(try ask([], trusting: second.certificate).status == 0)
                service.send(SIGTERM)
                #expect(try service.finish().status == 0)
            }
        }

        @Test("A session that begins by TLS is for TLS and this host alone")
        func cookie() throws {
            try TestSite.with(.sqlite) { site in
                let (certificate, key) = try makeCertificate(site.live, "first")
                let password = "a horse, a battery and a staple"
                let set = try run(
                    MonikerBinary.path, site.siteArguments + ["password"], input: password + "\n")
                try #require(set.status == 0, "\(set.errors)")
                let service = try RunningCommand(
                    MonikerBinary.path, arguments(site, certificate, key))
                try service.waitForOutput("listening")
                let own = "https://localhost:\(try address(of: service))"
                let answer = try RunningService.answer(
                    try runHelper(
                        "curl",
                        [
                            "-s", "-i", "--cacert", certificate, "-H", "Origin: \(own)",
                            "--data-urlencode", "password=\(password)", "\(own)/login",
                        ]))
                #expect(answer.status == 303, "\(answer.body)")
                let cookie = try #require(answer.headers["set-cookie"])
                #expect(cookie.hasPrefix("__Host-moniker="))
                let attributes = cookie.split(separator: ";").dropFirst().map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                #expect(Set(attributes) == ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"])
                service.send(SIGTERM)
                #expect(try service.finish().status == 0)
            }
        }

        @Test("A file name with a line break and quotation marks forges no line of the log")
        func forgedLines() throws {
            try TestSite.with(.sqlite) { site in
                let made = try makeCertificate(site.live, "first")
                let certificate = site.live.appendingPathComponent(
                    "a\"\n{\"level\":\"forged\"}\u{1B}[2J.pem"
                ).path
                try runHelper("cp", [made.certificate, certificate])
                let service = try RunningCommand(
                    MonikerBinary.path, arguments(site, certificate, made.key))
                try service.waitForOutput("listening")
                try Data("no certificate".utf8).write(to: URL(fileURLWithPath: certificate))
                service.send(SIGHUP)
                try waitForLog(of: service, "certificate-unusable")
                service.send(SIGTERM)
                let end = try service.finish()
                #expect(end.status == 0)
                var reasons: [String] = []
                for line in end.errors.split(separator: "\n") {
                    #expect(line.utf8.allSatisfy { $0 >= 0x20 }, "\(line)")
                    let fields = try #require(
                        try JSONSerialization.jsonObject(with: Data(line.utf8))
                            as? [String: String], "\(line)")
                    #expect(fields["level"] != "forged")
                    if let reason = fields["reason"] { reasons.append(reason) }
                }
                #expect(reasons.contains { $0.contains(certificate) }, "the name is told whole")
            }
        }

        @Test("Without a certificate SIGHUP ends nothing")
        func hangup() throws {
            try TestSite.with(.sqlite) { site in
                let service = try RunningCommand(
                    MonikerBinary.path,
                    site.siteArguments + ["--json", "serve", "--listen", "127.0.0.1:0"])
                try service.waitForOutput("listening")
                service.send(SIGHUP)
                try waitForLog(of: service, "there is no certificate to be read again")
                let line = try service.outputSoFar()
                let listening = try JSONDecoder().decode(Listening.self, from: Data(line.utf8))
                let answer = try run("curl", ["-s", "\(listening.listening)/health/live"])
                #expect(answer.status == 0, "\(answer.errors)")
                service.send(SIGTERM)
                #expect(try service.finish().status == 0)
            }
        }

        private func address(of service: RunningCommand) throws -> String {
            let line = try service.outputSoFar()
            let listening = try JSONDecoder().decode(Listening.self, from: Data(line.utf8))
            #expect(listening.listening.hasPrefix("https://127.0.0.1:"))
            return String(listening.listening.split(separator: ":").last ?? "")
        }

        private func waitForLog(of service: RunningCommand, _ text: String) throws {
            let deadline = ContinuousClock.now + .seconds(60)
            while try !service.errorsSoFar().contains(text) {
                try #require(ContinuousClock.now < deadline)
                usleep(20_000)
            }
        }

        @Test(
            "A certificate or key that cannot be used is refused with a sentence, before anything else"
        )
        func refuses() throws {
            try TestSite.with(.sqlite) { site in
                let (certificate, key) = try makeCertificate(site.live, "own")
                let other = try makeCertificate(site.live, "other")
                let open = site.live.appendingPathComponent("open.pem").path
                try runHelper("cp", [key, open])
                try runHelper("chmod", ["640", open])
                for (chain, secret, what) in [
                    (certificate, other.key, "is not the key of the certificate"),
                    (certificate, open, "can be read by other users"),
                    (certificate, certificate, "can be read by other users"),
                    (key, key, "is no certificate"),
                    (certificate, "/nothing.pem", "No such file"),
                    ("/", key, "is no file"),
                ] {
                    // A service that listens all the same is ended, and has another status.
                    let result = try run(
                        "timeout", ["60", MonikerBinary.path] + arguments(site, chain, secret))
                    #expect(result.status == 1)
                    let failure = try FailureReport(json: result.output).error
                    #expect(failure.code == "certificate-unusable", "\(failure)")
                    #expect(failure.message.contains(what), "\(failure.message)")
                }
                let half = try run(
                    "timeout",
                    ["60", MonikerBinary.path] + site.siteArguments
                        + ["serve", "--tls-certificate", certificate])
                #expect(half.status == 64)
                // Beyond this machine only with TLS, or where that is said.
                let plain = try run(
                    "timeout",
                    ["60", MonikerBinary.path] + site.siteArguments
                        + ["serve", "--listen", "0.0.0.0:0"])
                #expect(plain.status == 64)
                #expect(plain.errors.contains("--tls-certificate"))
            }
        }
    }
}
