/** Boundary: a page that breaks says so, and leaves the rest alive. */

import { Component, type ReactNode } from "react";
import { Button } from "./button";
import { Empty } from "./empty";

interface State {
  error: Error | undefined;
}

/** Give it a `key` per page, so that another page begins unbroken. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <Empty title="This page broke">
        <p>
          Nothing was lost: what you decided is kept by the server.{" "}
          <code>{this.state.error.message}</code>
        </p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </Empty>
    );
  }
}
