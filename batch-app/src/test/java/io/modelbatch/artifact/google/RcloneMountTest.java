package io.modelbatch.artifact.google;

import io.modelbatch.artifact.google.Peers.Mount;
import java.net.URI;
import java.nio.file.Path;

class RcloneMountTest extends MountedStoreContract {
    @Override
    Mount mount(URI server, String bucket, Path folder) throws Exception {
        return Mount.rclone(server, bucket, folder);
    }
}
