package dev.coatcheck.server.edge;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

final class WatchedConnectionFactory extends HttpConnectionFactory {

  private final Watchdog watchdog;

  WatchedConnectionFactory(HttpConfiguration configuration, Watchdog watchdog) {
    super(configuration);
    this.watchdog = watchdog;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    WatchedConnection connection =
        new WatchedConnection(getHttpConfiguration(), connector, endPoint, watchdog);
    return configure(connection, connector, endPoint);
  }
}
