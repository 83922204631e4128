/** Options of every gRPC server and client, as in the SDK: states of large stacks pass in one message. */
export const channelOptions = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };
