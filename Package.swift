// swift-tools-version: 6.3
import PackageDescription

/// The rings of the house: Kit knows nothing of the business, Services serve several features, Features never import
/// one another, App composes. `ConformanceTests` holds the imports to this table.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

func module(_ ring: String, _ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(ring)/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "PortalDesk",
    products: [.executable(name: "portaldesk", targets: ["portaldesk"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Kit
        .systemLibrary(name: "Clibpq", path: "Sources/Kit/Clibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "Copenssl", path: "Sources/Kit/Copenssl", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "Cargon2", path: "Sources/Kit/Cargon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(
            name: "Ccurl", path: "Sources/Kit/Ccurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "Ccmark", path: "Sources/Kit/Ccmark",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .systemLibrary(name: "Cgnu", path: "Sources/Kit/Cgnu"),
        .systemLibrary(name: "Czlib", path: "Sources/Kit/Czlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("Kit", "DeskKit", []),
        module("Kit", "Postgres", ["Clibpq", "DeskKit", logging, lifecycle]),
        module("Kit", "Identifiers", ["DeskKit"]),
        module("Kit", "Secrets", ["Copenssl", "Cargon2", "DeskKit"]),
        module("Kit", "Transport", ["Ccurl", "DeskKit"]),
        module("Kit", "DeskWeb", ["Czlib", "DeskKit", hummingbird, yams, logging]),
        module("Kit", "Markdown", ["Ccmark", "DeskKit"]),
        // Services
        module("Services", "Audit", ["DeskKit", "DeskWeb", "Postgres", "Secrets"]),
        module("Services", "Portals", ["DeskKit", "DeskWeb", "Identifiers", "Postgres", "Audit"]),
        module(
            "Services", "Access",
            ["DeskKit", "DeskWeb", "Postgres", "Secrets", "Audit", "Portals", hummingbird, logging]),
        module("Services", "Documents", ["Cgnu", "DeskKit", "DeskWeb", "Postgres", "Secrets", hummingbird]),
        module("Services", "JobRunner", ["DeskKit", "Postgres", "Audit", yams, lifecycle, logging]),
        module(
            "Services", "Messaging",
            [
                "DeskKit", "DeskWeb", "Postgres", "Secrets", "Transport", "Audit", "Portals", "Access", "JobRunner", mustache,
                logging,
            ]),
        module(
            "Services", "Calendars",
            ["DeskKit", "DeskWeb", "Postgres", "Audit", "Portals", "Access", hummingbird, logging]),
        module(
            "Services", "Identity",
            [
                "DeskKit", "DeskWeb", "Postgres", "Secrets", "Identifiers", "Audit", "Portals", "Access", hummingbird,
                logging,
            ]),
        // Features
        module("Features", "Clients", feature + ["Identifiers"]),
        module("Features", "Onboarding", feature + ["Identifiers", "Documents", "Messaging", "JobRunner"]),
        module("Features", "Accounts", feature + ["Identifiers", "Identity", "Messaging", "JobRunner"]),
        module("Features", "Reminders", feature + ["Identifiers", "Calendars", "Messaging", "JobRunner"]),
        module("Features", "Operations", feature + ["Messaging", "JobRunner"]),
        module(
            "Features", "Requests",
            feature + ["Identifiers", "Identity", "Calendars", "Documents", "Messaging", "JobRunner", yams]),
        module("Features", "Texts", feature + ["Markdown", "Messaging", "JobRunner"]),
        // App
        module(
            "App", "DeskApp",
            feature + [
                "Cgnu", "Identifiers", "Transport", "Documents", "JobRunner", "Messaging", "Clients", "Onboarding", "Accounts",
                "Reminders", "Operations", "Calendars", "Identity", "Requests", "Texts", yams, lifecycle,
                .product(name: "HummingbirdTLS", package: "hummingbird"),
            ]),
        .executableTarget(
            name: "portaldesk",
            dependencies: [
                "DeskApp", "DeskKit", "Identifiers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/App/portaldesk", swiftSettings: settings),
        .executableTarget(
            name: "jobsbench",
            dependencies: ["JobRunner", "Postgres", "DeskKit", logging, lifecycle],
            path: "Sources/App/jobsbench", swiftSettings: settings),
        // Tests
        .target(
            name: "TestKit",
            dependencies: ["DeskKit", "Postgres", "Secrets", "DeskWeb", hummingbird, logging],
            path: "Tests/TestKit", swiftSettings: settings),
        tests("IdentifiersTests", ["Identifiers", "DeskKit"], resources: [.copy("vectors.json")]),
        tests("AuditTests", ["Audit", "DeskKit", "Postgres", "Secrets", "TestKit"]),
        tests("PostgresTests", ["Postgres", "DeskKit", "TestKit", logging, lifecycle]),
        tests("SecretsTests", ["Secrets", "DeskKit"]),
        tests("TransportTests", ["Transport", "DeskKit", "TestKit"], resources: [.copy("peers")]),
        tests(
            "DeskWebTests",
            ["DeskWeb", "DeskKit", hummingbird, .product(name: "HummingbirdTesting", package: "hummingbird")]),
        tests(
            "OnboardingTests",
            [
                "Onboarding", "Documents", "Access", "Audit", "Portals", "DeskWeb", "DeskKit", "Postgres", "Secrets",
                "TestKit", hummingbird, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("DocumentsTests", ["Documents", "DeskKit", "Postgres", "Secrets", "TestKit"]),
        tests("JobRunnerTests", ["JobRunner", "DeskKit", "Postgres", "Audit", "Secrets", "TestKit", lifecycle, logging]),
        tests(
            "OperationsTests",
            [
                "Operations", "JobRunner", "Messaging", "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets",
                "TestKit", hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "AccessTests",
            [
                "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit", hummingbird,
                logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("PortalsTests", ["Portals", "Audit", "DeskKit", "DeskWeb", "Postgres", "Secrets", "TestKit"]),
        tests(
            "AccountsTests",
            [
                "Accounts", "Access", "Audit", "Clients", "DeskApp", "DeskKit", "DeskWeb", "Identity", "JobRunner",
                "Messaging", "Portals", "Postgres", "Secrets", "TestKit", hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "RemindersTests",
            [
                "Reminders", "DeskKit", "DeskWeb", "Postgres", "Secrets", "Audit", "Portals", "Access", "JobRunner",
                "Messaging", "TestKit", hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "MessagingTests",
            [
                "Messaging", "Transport", "JobRunner", "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres",
                "Secrets", "TestKit", hummingbird, logging,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "ClientsTests",
            [
                "Clients", "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit",
                hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("MarkdownTests", ["Markdown", "DeskKit"]),
        tests(
            "CalendarsTests",
            [
                "Calendars",
                "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit",
                hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "IdentityTests",
            [
                "Identity",
                "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit",
                hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "RequestsTests",
            [
                "Requests", "Identity", "Calendars", "Documents", "Messaging", "JobRunner", "DeskApp",
                "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit",
                hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests(
            "TextsTests",
            [
                "Texts", "Markdown", "Messaging", "JobRunner", "DeskApp",
                "Access", "Portals", "Audit", "DeskWeb", "DeskKit", "Postgres", "Secrets", "TestKit",
                hummingbird, logging, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("ConformanceTests", ["DeskApp", "Requests", "Postgres", "DeskKit", "DeskWeb", "TestKit", logging]),
        tests(
            "DemoTests",
            ["DeskApp", "Access", "Clients", "Portals", "Identifiers", "Secrets", "Postgres", "DeskKit", "TestKit"]),
        tests("CommandTests", ["portaldesk", "Identifiers", "DeskKit"]),
    ]
)

/// What every feature may use.
var feature: [Target.Dependency] {
    ["DeskKit", "DeskWeb", "Postgres", "Secrets", "Audit", "Portals", "Access", hummingbird, logging]
}
