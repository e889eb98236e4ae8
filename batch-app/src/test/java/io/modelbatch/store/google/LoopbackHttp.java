package io.modelbatch.store.google;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The JDK's HTTP servers on loopback, without the 40 milliseconds that each answer waits where Nagle's algorithm is on. */
public final class LoopbackHttp {
    static {
        // Read once, with the first server of this JVM. The answer's head and body are written apart, and the body
        // would wait for the
        // acknowledgement of the head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private LoopbackHttp() {}

    /**
     * A server that is not started yet.
     *
     * @param port 0 for any
     */
    public static HttpServer server(int port) throws IOException {
        return HttpServer.create(address(port), 0);
    }

    /** The same for TLS, on any port. */
    static HttpsServer tls() throws IOException {
        return HttpsServer.create(address(0), 0);
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
