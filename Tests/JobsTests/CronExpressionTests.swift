import Jobs
import Model
import Testing

@Suite struct CronExpressionTests {
    @Test func everyMinuteIsTheNextOne() throws {
        #expect(try CronExpression(parsing: "* * * * *").next(after: 59) == 60)
    }
}
