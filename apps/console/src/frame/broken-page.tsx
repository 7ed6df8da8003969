import { Component, type ReactNode } from 'react';
import { Notice } from './notice.tsx';

/** Keeps a page that cannot be drawn from leaving an empty window. React knows this only as a class. */
export class BrokenPage extends Component<{ children: ReactNode }, { problem: string | null }> {
  override state = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: String(error) };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <Notice tone="bad" title="This page could not be drawn">
        {this.state.problem} Reload it; if it comes back, the data behind it is not what the console expects.
      </Notice>
    );
  }
}
