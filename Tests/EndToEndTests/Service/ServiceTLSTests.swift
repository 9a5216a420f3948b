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
                #expect(try ask(["--tls-max", "1.1"], trusting: certificate).status == 35)
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
                    let result = try run(MonikerBinary.path, arguments(site, chain, secret))
                    #expect(result.status == 1)
                    let failure = try FailureReport(json: result.output).error
                    #expect(failure.code == "certificate-unusable", "\(failure)")
                    #expect(failure.message.contains(what), "\(failure.message)")
                }
                let half = try run(
                    MonikerBinary.path,
                    site.siteArguments + ["serve", "--tls-certificate", certificate])
                #expect(half.status == 64)
                // Beyond this machine only with TLS, or where that is said.
                let plain = try run(
                    MonikerBinary.path, site.siteArguments + ["serve", "--listen", "0.0.0.0:0"])
                #expect(plain.status == 64)
                #expect(plain.errors.contains("--tls-certificate"))
            }
        }
    }
}
