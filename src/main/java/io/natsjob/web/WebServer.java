package io.natsjob.web;

import com.sun.net.httpserver.HttpServer;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The HTTP side of a server. Started and closed once. */
public final class WebServer implements AutoCloseable {
    private static final Log LOG = Log.of("web");
    /** Connections that the system keeps waiting while all are taken. */
    private static final int BACKLOG = 256;
    private static final long CLOSE_MAX_MILLIS = 2_000;

    static {
        HttpSettings.apply();
    }

    private final WebOptions options;
    private final Sessions sessions;
    private final Router router;
    private final Door door;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web-", 0).factory());
    private HttpServer server;

    public WebServer(WebOptions options, Database database, Engine engine, Clock clock) {
        this.options = options;
        this.sessions = new Sessions(options.login(), database, clock);
        this.router = new Router(endpoints(options, database, engine, clock, sessions));
        this.door = new Door(router, sessions);
    }

    private static List<Endpoint> endpoints(WebOptions options, Database database, Engine engine, Clock clock, Sessions sessions) {
        JobView jobView = new JobView(engine, options.zone(), clock);
        return Stream.of(
                new HealthHandler(database, engine).endpoints(),
                new SessionHandler(options.login(), sessions).endpoints(),
                new NamespaceHandler(database, engine, clock).endpoints(),
                new AppHandler(database, engine, clock).endpoints(),
                new JobHandler(database, engine, clock, jobView, new JobForm(options.zone())).endpoints(),
                new TallyHandler(database, clock).endpoints(),
                new RunHandler(database, engine).endpoints(),
                new StepHandler(database).endpoints(),
                new ScheduleHandler(options.zone(), clock).endpoints(),
                new InfoHandler(options, database, engine, clock).endpoints(),
                new SummaryHandler(database, engine, clock).endpoints(),
                new ClusterHandler(engine).endpoints(),
                new PauseHandler(database, engine, clock).endpoints())
                .flatMap(List::stream).toList();
    }

    /**
     * Listens from now on.
     *
     * @throws UncheckedIOException where the address cannot be had; the message names it
     */
    public void start() {
        sessions.load();
        try {
            server = HttpServer.create(new InetSocketAddress(options.bind(), options.port()), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + options.bind() + ":" + options.port() + ": " + e.getMessage(), e);
        }
        server.createContext("/", door);
        server.setExecutor(threads);
        server.start();
        LOG.info("listening", "address", address().getAddress().getHostAddress(), "port", address().getPort());
    }

    /** Where it listens, with the port that was taken for 0. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** The route table. */
    List<Endpoint> endpoints() {
        return router.endpoints();
    }

    /** Requests under way get {@value #CLOSE_MAX_MILLIS} ms; new ones are refused with 503 meanwhile. */
    @Override
    public void close() {
        try {
            if (!door.close(CLOSE_MAX_MILLIS)) {
                LOG.warn("requests were cut off at the stop", "waitedMs", CLOSE_MAX_MILLIS);
            }
        } catch (InterruptedException e) {
            // asked to hurry: the requests are cut off
            Thread.currentThread().interrupt();
        }
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }
}
