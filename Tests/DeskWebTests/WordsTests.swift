import DeskKit
import Testing

@testable import DeskWeb

@Suite struct WordsTests {
    @Test(arguments: [
        (Language.english, "21 November 2026", "21 Nov 2026", "12 Nov, 09:41"),
        (.polish, "21 listopada 2026", "21 lis 2026", "12 lis, 09:41"),
        (.hungarian, "2026. november 21.", "2026. nov. 21.", "nov. 12. 09:41"),
        (.russian, "21 ноября 2026 г.", "21 нояб. 2026 г.", "12 нояб., 09:41"),
    ])
    func `dates are written the reader's way`(language: Language, long: String, short: String, recent: String) throws {
        let words = try Frames.words(language)
        let today = try #require(CivilDate(iso: "2026-11-21"))
        let time = try #require(CivilDateTime(iso: "2026-11-12 09:41:07"))
        #expect(words.date(today) == long)
        #expect(words.shortDate(today) == short)
        #expect(words.recent(time, today: today) == recent)
    }

    @Test func `near days have names`() throws {
        let words = try Frames.words(.hungarian)
        let today = try #require(CivilDate(iso: "2026-12-31"))
        let tomorrow = try #require(CivilDate(iso: "2027-01-01"))
        #expect(words.relative(today, to: today) == "ma")
        #expect(words.relative(tomorrow, to: today) == "holnap")
        #expect(words.relative(today, to: try #require(tomorrow.adding(days: 2))) == "3 napja")
        #expect(words.recent(try #require(CivilDateTime(iso: "2026-12-30 16:20")), today: today) == "tegnap 16:20")
    }

    @Test(arguments: [
        (Language.english, "PLN", "PLN 184,220.05"), (.polish, "PLN", "184\u{A0}220,05\u{A0}zł"),
        (.hungarian, "HUF", "184\u{A0}220,05\u{A0}Ft"), (.russian, "RUB", "184\u{A0}220,05\u{A0}₽"),
    ])
    func `money has its language's signs`(language: Language, currency: String, text: String) throws {
        #expect(try Frames.words(language).money(Money(minor: 18_422_005, currency: currency)) == text)
    }

    @Test func `whole forints go without fillér and debts have a minus`() throws {
        #expect(try Frames.words(.hungarian).money(Money(minor: 123_400, currency: "HUF")) == "1\u{A0}234\u{A0}Ft")
        #expect(try Frames.words(.polish).amount(Money(minor: -5, currency: "PLN")) == "\u{2212}0,05")
        #expect(try Frames.words(.english).amount(Money(minor: .min, currency: "PLN")).hasPrefix("\u{2212}92,233"))
    }

    @Test(arguments: [
        (999, "999 bytes"), (1000, "1.0 kB"), (81_234, "81 kB"), (999_499, "999 kB"), (999_949, "1.0 MB"),
        (1_449_999, "1.4 MB"),
        (27_500_000, "28 MB"), (3_000_000_000, "3.0 GB"),
    ])
    func `file sizes keep two digits`(bytes: Int, text: String) throws {
        #expect(try Frames.words(.english).size(bytes) == text)
    }

    @Test func `counts stop at a thousand`() throws {
        #expect(try Frames.words(.english).count(CappedCount(1001)) == "1,000+")
        #expect(try Frames.words(.english).count(CappedCount(1000)) == "1,000")
    }
}
