// Not compiled by our tests: parsed, and compared with the clients that are compiled.
// Push messages and calls. It connects three things: Switchboard's API, Exotel's SDK, and the screen that rings.
//
// On Android this gets every push. On an iPhone it gets alerts, and only while the app was not swiped away; for PushKit iOS
// wants the call reported by native code before Dart runs: use ../swift/Phone.swift in the Runner.

import 'dart:async';

import 'switchboard.dart';

/// The part of Exotel's SDK that is used here: implement it with the plugin's ExotelSDKClient.
abstract interface class VoiceSdk {
  Future<void> initialize(Login login);

  /// `relaySessionData`, with both texts exactly as they are.
  Future<void> relay(String payload, String payloadVersion);
  Future<void> dial(String exophone);
  Future<void> answer();
  Future<void> hangUp();
  Future<void> stop();
}

/// What the user sees. Calls have the id `callUuid` in all messages.
abstract interface class Screen {
  void ring(Incoming call);

  /// The caller's message and name, once they are known.
  void update(Incoming call);

  /// The call is over, or never began: [reason] is `ended`, `declined`, `failed`, or that of a cancel message.
  void end(String callUuid, String reason);
  void missed(String caller, int at);

  /// The session has ended: show the login.
  void loggedOut();
}

/// A call for this phone; `pushId` is empty where it came without a push.
typedef Incoming = ({String callUuid, String pushId, String callerName, String message});

enum _State { ringing, answering, talking }

final class _Current {
  _Current(this.shown);

  Incoming shown;
  _State state = _State.ringing;
  String? sessionId;
  Timer? timer;
}

final class Phone {
  Phone(this._api, this._sdk, this._screen) {
    _api.onSessionEnded = (_) => _loggedOut();
  }

  static const _ringTime = Duration(seconds: 30);
  static const _renewAgain = Duration(seconds: 30); // the SDK can report the same failure many times
  static const _mostRemembered = 50;

  final Switchboard _api;
  final VoiceSdk _sdk;
  final Screen _screen;
  final List<String> _over = []; // calls that must not ring (again)
  _Current? _current;
  String? _pushId; // of this call or the last, for its late callbacks
  String? _sessionId;
  PushToken? _token;
  bool _sdkIsUp = false;
  DateTime? _renewedAt;

  /// At the start of the app: bring the SDK up if a user is logged in, and send what could not be sent before.
  Future<bool> start() async {
    final login = await _api.session();
    if (login == null) return false;
    await _bringUp(login);
    await _api.flush().catchError((Object _) {});
    return true;
  }

  Future<void> login(String userName, String password) async => _loggedIn(await _api.login(userName, password));

  Future<void> loginWithIdToken(String idToken) async => _loggedIn(await _api.loginWithIdToken(idToken));

  Future<void> logout() async {
    await _api.logout(_token?.deviceToken);
    await _loggedOut();
  }

  /// The system has given the app a push token: at each start, and whenever it changes.
  Future<void> pushTokenChanged(PushToken token) async {
    _token = token;
    if (await _api.session() != null) await _api.registerPush(token);
  }

  /// A push message has arrived: `RemoteMessage.data`, in the foreground and in the background handler. Hand all of them
  /// over: those that are not for this user do nothing.
  Future<void> pushReceived(Map<String, dynamic> data) async {
    final login = await _api.session();
    if (login == null) return;
    final mine = data['subscriberName'] == login.subscriberName;
    switch (data['type']) {
      case 'missedCall':
        _screen.missed('${data['caller'] ?? ''}', int.tryParse('${data['at']}') ?? 0);
      case 'cancel' when mine:
        _cancelled('${data['callUuid'] ?? ''}', '${data['reason'] ?? 'ended'}');
      case _ when mine && data['payload'] != null:
        await _invited(data.map((key, value) => MapEntry(key, '$value')), login);
    }
  }

  /// Call a user. The callee must be known to Switchboard before Exotel asks for it, so the context comes first.
  Future<void> dial(String callee, [String message = '']) async {
    await _api.setContext(callee, message);
    _pushId = _sessionId = null;
    final login = await _api.session();
    if (login != null) await _sdk.dial(login.exophone);
  }

  /// The user answers. The SDK can be a moment behind the push: then it answers as soon as it has the call.
  Future<void> answer() async {
    final call = _current;
    if (call == null || call.state != _State.ringing) return;
    call.state = _State.answering;
    call.timer?.cancel();
    if (call.sessionId != null) await _sdk.answer();
    await _acknowledge(call.shown.pushId, AckState.answered);
  }

  Future<void> decline() async {
    final call = _current;
    if (call == null) return;
    _end('declined');
    await _sdk.hangUp();
    await _acknowledge(call.shown.pushId, AckState.declined);
  }

  Future<void> hangUp() => _sdk.hangUp();

  /// The SDK's onCallIncoming; [sessionId] is its call id, [caller] its destination.
  Future<void> callIncoming(String sessionId, String caller) async {
    if (_current == null && _pushId != null) return _sdk.hangUp(); // the call of that push is over
    final shown = (callUuid: sessionId, pushId: '', callerName: caller, message: '');
    final call = _current ?? _begin(shown, _ringTime);
    call.sessionId = _sessionId = sessionId;
    await _told('onIncomingCall');
    if (call.state == _State.answering) await _sdk.answer();
  }

  /// The SDK's onCallInitiated, of a call that this phone makes.
  Future<void> callInitiated([String? sessionId]) {
    _sessionId = sessionId;
    return _told('onCallInitiated');
  }

  Future<void> callRinging() => _told('onCallRinging');

  Future<void> callEstablished() {
    _current?.state = _State.talking;
    return _told('onCallEstablished');
  }

  /// The SDK's onCallEnded or onMissedCall; [cdr] are its call details. All events of the call go out as one request.
  Future<void> callEnded(Map<String, dynamic> cdr, {String name = 'onCallEnded'}) async {
    await _told(name, cdr: cdr);
    _end('ended');
    _pushId = _sessionId = null;
    await _api.flush().catchError((Object _) {}); // they stay in the queue
  }

  /// The SDK's onAuthenticationFailure: get new tokens and start the SDK anew.
  Future<void> authenticationFailed(String type, String message) async {
    await _told('onAuthenticationFailure', error: {'type': type, 'message': message});
    final now = DateTime.now(), before = _renewedAt;
    if (before != null && now.difference(before) < _renewAgain) return;
    _renewedAt = now;
    await _initialize(await _api.renewToken());
  }

  Future<void> _loggedIn(Login login) async {
    await _initialize(login);
    final token = _token;
    if (token != null) await _api.registerPush(token);
  }

  Future<void> _loggedOut() async {
    _end('ended');
    _sdkIsUp = false;
    await _sdk.stop();
    _screen.loggedOut();
  }

  Future<void> _invited(Map<String, String> data, Login login) async {
    final payload = data['payload']!, pushId = data['pushId'] ?? '';
    final callUuid = data['callUuid'] ?? (pushId.isEmpty ? payload : pushId);
    if (_over.contains(callUuid) || _current?.shown.callUuid == callUuid) return;
    if (_current != null) {
      await _acknowledge(pushId, AckState.busy);
      return;
    }
    final caller = data['callerName'] ?? '';
    final shown = (
      callUuid: callUuid,
      pushId: pushId,
      callerName: caller.isEmpty ? 'Unknown caller' : caller,
      message: '',
    );
    final call = _begin(shown, _ringTimeOf(data));
    try {
      await _bringUp(login);
      await _sdk.relay(payload, data['payloadVersion'] ?? ''); // at once: the SDK hears when the caller gives up
    } on Object {
      _end('failed');
      rethrow;
    }
    final about = await _acknowledge(pushId, AckState.ringing);
    if (about == null || _current != call) return;
    call.shown = (callUuid: callUuid, pushId: pushId, callerName: about.callerName, message: about.message);
    _screen.update(call.shown);
  }

  /// A length of time, since the phone's clock can differ from the server's.
  Duration _ringTimeOf(Map<String, String> data) {
    final until = int.tryParse(data['expiresAt'] ?? ''), from = int.tryParse(data['sentAt'] ?? '');
    if (until == null || from == null || until <= from) return _ringTime;
    return Duration(milliseconds: until - from);
  }

  _Current _begin(Incoming shown, Duration ringTime) {
    final call = _Current(shown);
    call.timer = Timer(ringTime, () {
      if (_current == call && call.state == _State.ringing) _end('ended');
    });
    _current = call;
    _pushId = shown.pushId.isEmpty ? null : shown.pushId;
    _sessionId = null;
    _screen.ring(shown);
    return call;
  }

  void _cancelled(String callUuid, String reason) {
    final call = _current;
    if (call == null || call.shown.callUuid != callUuid) {
      _forbid(callUuid); // it can overtake its invite
    } else if (call.state == _State.ringing) {
      _end(reason);
    }
  }

  void _end(String reason) {
    final call = _current;
    if (call == null) return;
    call.timer?.cancel();
    _current = null;
    _forbid(call.shown.callUuid);
    _screen.end(call.shown.callUuid, reason);
  }

  void _forbid(String callUuid) {
    _over.add(callUuid);
    if (_over.length > _mostRemembered) _over.removeAt(0);
  }

  Future<void> _bringUp(Login login) async {
    if (_sdkIsUp) return;
    final isOver = login.refreshTokenExpiresAt * 1000 <= DateTime.now().millisecondsSinceEpoch;
    await _initialize(isOver ? await _api.renewToken() : login);
  }

  Future<void> _initialize(Login login) async {
    await _sdk.initialize(login);
    _sdkIsUp = true;
  }

  /// Confirm a push as far as the network allows: the call goes on without it.
  Future<CallShown?> _acknowledge(String pushId, AckState state) async {
    if (pushId.isEmpty) return null;
    try {
      return await _api.acknowledge(pushId, state);
    } on SwitchboardException {
      return null;
    }
  }

  Future<void> _told(String name, {Map<String, dynamic>? error, Map<String, dynamic>? cdr}) =>
      _api.report({'name': name, 'pushId': _pushId, 'sessionId': _sessionId, 'error': error, 'cdr': cdr});
}
