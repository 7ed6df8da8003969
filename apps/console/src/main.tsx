import { createRoot } from 'react-dom/client';
import { Console } from './console.tsx';
import './styles/base.css';
import './styles/frame.css';
import './styles/notice.css';
import './styles/key-entry.css';
import './styles/tables.css';
import './styles/forms.css';
import './styles/shown-once.css';
import './styles/connections.css';
import './styles/access.css';
import './styles/sessions.css';
import './styles/call.css';
import './styles/invocation.css';
import './styles/attempts.css';
import './styles/trace.css';
import './styles/waterfall.css';

createRoot(document.getElementById('console')!).render(<Console />);
