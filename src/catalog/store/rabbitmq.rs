use super::{Given, Login, Store, Use};
use crate::catalog::container::{Container, ENTRYPOINT_CAPABILITIES};

/// <https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/rabbitmq.html>
pub(super) const RABBITMQ: Store = Store {
    word: "rabbitmq",
    name: "RabbitMQ",
    serves: &[Use::Broker, Use::Queue],
    schemes: &["amqp", "amqps", "pyamqp", "librabbitmq"],
    // The second slash is the name of the virtual host.
    address: "amqp://{login}{host}:{port}//",
    backends: &["rabbitmq"],
    named: &["RABBIT", "AMQP"],
    rented_as: &["cloudamqp", "rabbitmq"],
    client: "",
    container: Container {
        image: "rabbitmq",
        port: 5672,
        // The port is opened last. The image's own program starts a whole Erlang machine for each question.
        health: "bash -c 'exec 3<>/dev/tcp/127.0.0.1/5672'",
        start_period: 60,
        // Some images write the login into a file of `conf.d`; the official one's defaults there are a login that is not used and
        // where the log goes.
        writable: &["/tmp", "/var/log/rabbitmq", "/etc/rabbitmq/conf.d"],
        writer: Some(999),
        capabilities: ENTRYPOINT_CAPABILITIES,
        command: &[],
        shared_memory: None,
        // It closes its queues before it stops.
        stop_grace_period: Some(30),
    },
    kept: Some(("broker", "tasks that wait survive a restart")),
    login: Some(Login {
        user: "",
        environment: &[
            ("RABBITMQ_DEFAULT_USER", Given::User),
            ("RABBITMQ_DEFAULT_PASS", Given::Password),
            ("RABBITMQ_DEFAULT_VHOST", Given::Part),
            // The folder of its data is called after the node, and the name of a container changes:
            // <https://www.rabbitmq.com/docs/configure#supported-environment-variables>.
            ("RABBITMQ_NODENAME", Given::Text("rabbit@localhost")),
            // To the container's output: <https://www.rabbitmq.com/docs/logging#log-file-location>.
            ("RABBITMQ_LOGS", Given::Text("-")),
        ],
        start: None,
        users: "",
        is_required: true,
        // <https://www.rabbitmq.com/docs/access-control#loopback-users>
        taken_users: &["guest"],
    }),
};
