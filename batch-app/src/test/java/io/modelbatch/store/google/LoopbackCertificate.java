package io.modelbatch.store.google;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for 127.0.0.1 that only processes with {@link #trusted} and the {@link #client} accept, made by the JDK's keytool. */
public final class LoopbackCertificate {
    private static final String PASSWORD = "loopback";

    private final Path file;
    private final KeyStore store;
    private final KeyManagerFactory keys;

    private LoopbackCertificate(Path file, KeyStore store, KeyManagerFactory keys) {
        this.file = file;
        this.store = store;
        this.keys = keys;
    }

    /** Makes one in a folder. */
    public static LoopbackCertificate make(Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve("loopback.p12");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "loopback",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("keytool: " + Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            store.load(bytes, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        return new LoopbackCertificate(file, store, keys);
    }

    KeyManagerFactory keys() {
        return keys;
    }

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** A client of this process that trusts it and nothing else. */
    HttpTransport client() {
        try {
            return new NetHttpTransport.Builder().trustCertificates(store).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The options of a JVM that trusts it and nothing else. */
    public String trusted() {
        return "-Djavax.net.ssl.trustStore=" + file + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }
}
