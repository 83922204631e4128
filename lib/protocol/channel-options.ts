/**
 * Options of every gRPC server and client: states of large stacks pass in one message (as in the SDK), and what stays on this
 * machine goes through no proxy. Without that, grpc-js takes `http_proxy` for connections to loopback, too.
 */
export const channelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.enable_http_proxy": 0,
};
