import HTTPTypes
import Testing

@testable import WebAPI

@Suite("Answers of the last moments") struct AnswerShelfTests {
    private let answer = APIAnswer.text("answer")

    private func given(
        _ shelf: AnswerShelf, _ question: String, knowing change: Int = 0,
        within age: Duration = .seconds(10)
    ) -> APIAnswer? {
        shelf.answer(to: question, knowing: change, within: age)?.answer
    }

    @Test("one is given again to the same question alone")
    func given() {
        let shelf = AnswerShelf()
        #expect(given(shelf, "question") == nil)
        shelf.keep(answer, to: "question", began: .now, knowing: 0)
        #expect(given(shelf, "question")?.body == answer.body)
        #expect(given(shelf, "another") == nil)
    }

    @Test("one that does not know a change of the caller's is not given")
    func ownChange() {
        let shelf = AnswerShelf()
        shelf.keep(answer, to: "question", began: .now, knowing: 6)
        #expect(given(shelf, "question", knowing: 6) != nil)
        #expect(given(shelf, "question", knowing: 7) == nil)
    }

    @Test("one that is older than wanted, or than ten seconds, is not given")
    func age() {
        let shelf = AnswerShelf()
        shelf.keep(answer, to: "old", began: .now - .seconds(3), knowing: 0)
        #expect(given(shelf, "old", within: .seconds(3)) == nil)
        #expect(given(shelf, "old", within: .seconds(4)) != nil)
        shelf.keep(answer, to: "too old", began: .now - .seconds(10), knowing: 0)
        #expect(given(shelf, "too old", within: .seconds(60)) == nil)
        // A reading that began earlier and ended later.
        shelf.keep(.text("older"), to: "old", began: .now - .seconds(4), knowing: 0)
        #expect(given(shelf, "old")?.body == answer.body)
    }

    @Test("one caller is told to have it made again, once it is five seconds old")
    func due() {
        let shelf = AnswerShelf()
        func isDue() -> Bool? {
            shelf.answer(to: "question", knowing: 0, within: .seconds(10))?.isDue
        }
        shelf.keep(answer, to: "question", began: .now - .seconds(3), knowing: 0)
        #expect(isDue() == false)
        let other = AnswerShelf()
        other.keep(answer, to: "question", began: .now - .seconds(6), knowing: 0)
        let told = (1...3).map { _ in
            other.answer(to: "question", knowing: 0, within: .seconds(10))?.isDue
        }
        #expect(told == [true, false, false])
        other.keep(answer, to: "question", began: .now, knowing: 0)
        #expect(other.answer(to: "question", knowing: 0, within: .seconds(10))?.isDue == false)
    }

    @Test("no more than 32 MB are kept")
    func size() {
        let shelf = AnswerShelf()
        let large = APIAnswer(
            .ok, contentType: "text/plain", body: Array(repeating: 0x61, count: 20 << 20))
        shelf.keep(large, to: "first", began: .now, knowing: 0)
        shelf.keep(large, to: "second", began: .now, knowing: 0)
        #expect(given(shelf, "first") != nil)
        #expect(given(shelf, "second") == nil)
        // In its own place, it is no more than before.
        shelf.keep(large, to: "first", began: .now, knowing: 1)
        #expect(given(shelf, "first", knowing: 1) != nil)
    }
}
