// One subscription over graphql-transport-ws: the headers go into connection_init, never into the address.
const address = location.origin.replace(/^http/, "ws") + "/graphql";

export function subscribe(question, headers) {
  return {
    subscribe(observer) {
      const socket = new WebSocket(address, "graphql-transport-ws");
      let isOver = false;
      const end = (tell) => {
        if (isOver) return;
        isOver = true;
        tell();
        socket.close(1000);
      };
      const send = (message) => socket.send(JSON.stringify(message));
      socket.onopen = () => send({ type: "connection_init", payload: headers });
      socket.onclose = (event) => end(() => observer.error({ closed: event.code, reason: event.reason }));
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        const answers = {
          connection_ack: () => send({ id: "1", type: "subscribe", payload: question }),
          ping: () => send({ type: "pong" }),
          next: () => observer.next(message.payload),
          error: () => end(() => observer.error(message.payload)),
          complete: () => end(() => observer.complete()),
        };
        answers[message.type]?.();
      };
      const leave = () => socket.readyState === WebSocket.OPEN && send({ id: "1", type: "complete" });
      return { unsubscribe: () => end(leave) };
    },
  };
}
