import ArgumentParser
import DeskApp

/// Where the installation's files lie, for every command that needs them.
struct RootOption: ParsableArguments {
    @Option(help: "Where admin-web, sql and jobs lie; the current folder by default.")
    var root: String?
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serves the console.")

    @OptionGroup var location: RootOption
    @Flag(help: "Also works on jobs in this process.") var withWorker = false
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port to listen on.") var port = 8080
    @Option(help: "The certificate chain, as PEM.") var tlsCert: String?
    @Option(help: "The certificate's key, as PEM.") var tlsKey: String?

    func run() async throws {
        try await Refusals.inWords {
            let configuration = try DeskConfiguration(
                root: location.root,
                host: host,
                port: port,
                tlsCertificate: tlsCert,
                tlsKey: tlsKey
            )
            try await Processes.serve(configuration, withWorker: withWorker)
        }
    }
}

struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "work", abstract: "Works on jobs.")

    @OptionGroup var location: RootOption

    func run() async throws {
        try await Refusals.inWords {
            try await Processes.work(try DeskConfiguration(root: location.root))
        }
    }
}
