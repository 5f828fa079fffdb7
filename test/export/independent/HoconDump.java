import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;

/** Prints what the library that OpenWhisk uses reads in an invoker's configuration, in ms and bytes. */
public class HoconDump {
  public static void main(String[] files) {
    Config whisk = ConfigFactory.parseFile(new File(files[0])).resolve().getConfig("whisk");
    Config timeouts = whisk.getConfig("container-proxy.timeouts");
    System.out.println(timeouts.getDuration("pause-grace").toMillis());
    System.out.println(timeouts.getDuration("idle-container").toMillis());
    System.out.println(whisk.getDuration("container-pool.prewarm-expiration-check-interval").toMillis());
    System.out.println(whisk.getBytes("container-pool.user-memory"));
  }
}
