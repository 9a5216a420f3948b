import Dashboard
import Testing

@Suite("Pages of the dashboard") struct RenderingTests {
    @Test("The page to log in has a form, and a sentence where no password was set")
    func login() throws {
        let frame = PageFrame(site: "https://shop.example.com")
        let form = String(
            decoding: try Dashboard.render(LoginView(next: "/", hasPassword: true), in: frame),
            as: UTF8.self)
        #expect(form.contains("name=\"password\""))
        let none = String(
            decoding: try Dashboard.render(LoginView(next: "/", hasPassword: false), in: frame),
            as: UTF8.self)
        #expect(!none.contains("name=\"password\""))
        #expect(none.contains("no password has been set"))
    }
}
