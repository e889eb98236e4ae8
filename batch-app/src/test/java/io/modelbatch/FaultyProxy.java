package io.modelbatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hands connections on to a port of this machine, and resets them all whenever it is told to. */
final class FaultyProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    FaultyProxy(int target) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends every connection as a broken network does: with a reset. Returns how many there were. */
    int reset() {
        int resets = 0;
        for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
                resets++;
            } catch (IOException alreadyGone) {
                continue;
            }
        }
        return resets;
    }

    @Override
    public void close() throws IOException {
        server.close();
        reset();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(there);
                daemon(() -> copy(client, there));
                daemon(() -> copy(there, client));
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException reset) {
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
