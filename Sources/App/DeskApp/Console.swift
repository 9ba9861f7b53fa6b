package import Access
import DeskKit
import DeskWeb
package import Hummingbird
import HummingbirdTLS
import Logging
import NIOSSL
import Postgres
package import ServiceLifecycle

/// The console as a server: gates first, then every room's pages.
package struct Console: Sendable {
    let installation: Installation
    let rooms: Rooms

    package init(_ installation: Installation, _ rooms: Rooms) {
        self.installation = installation
        self.rooms = rooms
    }

    /// Every route behind its gates; tests drive it without a socket.
    package func router() throws -> Router<DeskContext> {
        let site = installation.desk.site
        let router = Router(context: DeskContext.self)
        router.add(middleware: SecurityHeaders(secure: installation.configuration.isSecure))
        router.add(middleware: StaticFileMiddleware(files: site.files))
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        rooms.access.addGates(to: router)
        Health(
            database: installation.desk.database,
            migrator: try Migrator(
                configuration: installation.desk.database.configuration,
                directory: installation.configuration.root + "/sql/migrations",
                logger: installation.logger
            ),
            logger: installation.logger
        ).addRoutes(to: router)
        router.get("/") { _, context in
            let staff = try context.signedIn()
            let first = Rooms.navigation.first { staff.may($0.right) }
            return context.redirect(to: first?.entry.href ?? "/sign-in")
        }
        rooms.addRoutes(to: router)
        return router
    }

    /// The server on the configured address. Throws `DeskConfiguration.Problem` for a certificate that cannot be read.
    package func server() throws -> any Service {
        let configuration = installation.configuration
        try configuration.validateListening()
        let address = ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            serverName: nil
        )
        guard let certificate = configuration.tlsCertificate, let key = configuration.tlsKey else {
            return Application(
                router: try router(),
                server: .http1(configuration: ServerLimits.http1),
                configuration: address,
                logger: installation.logger
            )
        }
        let tls: TLSConfiguration
        do {
            tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            )
        } catch {
            throw DeskConfiguration.Problem(name: "--tls-cert", reason: "certificate or key cannot be read as PEM")
        }
        return Application(
            router: try router(),
            server: try .tls(.http1(configuration: ServerLimits.http1), tlsConfiguration: tls),
            configuration: address,
            logger: installation.logger
        )
    }
}
