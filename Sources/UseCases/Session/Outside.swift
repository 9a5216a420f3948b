import Files
import Model

#if CRASH_POINTS
    import CrashPoints
#endif

/// Where the outside begins: every system call, the journal, the database, the clock and
/// randomness of a session go through here.
///
/// Built with `MONIKER_CRASH_POINTS=1`, each call has crash points before, in and after it, for
/// tests; no build that is shipped has them.
struct Outside {
    let calls: any SystemCalls
    let clock: any Clock
    let random: any RandomSource

    #if CRASH_POINTS
        private let observer = FatalObserver()

        init() {
            calls = ObservedSystemCalls(LinuxSystemCalls(), observer)
            clock = ObservedClock(SystemClock(), observer)
            random = ObservedRandom(SystemRandom(), observer)
        }

        func database(_ database: any SiteDatabase) -> any SiteDatabase {
            ObservedDatabase(database, observer)
        }

        func journal(_ journal: any ChangeJournal) -> any ChangeJournal {
            ObservedJournal(journal, observer)
        }
    #else
        init() {
            calls = LinuxSystemCalls()
            clock = SystemClock()
            random = SystemRandom()
        }

        func database(_ database: any SiteDatabase) -> any SiteDatabase { database }

        func journal(_ journal: any ChangeJournal) -> any ChangeJournal { journal }
    #endif
}
