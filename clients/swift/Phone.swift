// Not compiled by our tests: parsed, and compared with the clients that are compiled. Written for Swift 6's compiler.
// Push messages and calls. It connects four things: Switchboard's API, Exotel's SDK, PushKit and CallKit.
//
// iOS ends an app that gets a VoIP push and does not report a call to CallKit before it calls the completion handler, and
// after some times it sends no more pushes. So each push is reported here, on every path, also when there is nothing to
// ring for. Make the Phone in `application(_:didFinishLaunchingWithOptions:)`: a push can start the app.

import AVFoundation
import CallKit
import PushKit

/// The part of Exotel's SDK that is used here: implement it with ExotelVoiceClient and CallController.
@MainActor
protocol VoiceSdk: AnyObject {
    func initialize(_ login: Login) async throws
    /// `relaySessionData`, with both texts exactly as they are.
    func relay(payload: String, payloadVersion: String) throws
    func dial(exophone: String) throws
    func answer() throws
    func hangUp() throws
    func mute(_ isMuted: Bool) throws
    func stop()
}

@MainActor
final class Phone: NSObject {
    private enum State { case ringing, answering, talking, dialling }

    private struct Current {
        let uuid: UUID
        let pushId: String
        var state: State
        var sessionId: String?
        var waitingAnswer: CXAnswerCallAction?
        var timer: Task<Void, Never>?
    }

    /// The session has ended: show the login.
    var onLoggedOut: () -> Void = {}

    private let api: Switchboard
    private let sdk: any VoiceSdk
    private let registry = PKPushRegistry(queue: .main)
    private let provider: CXProvider
    private let controller = CXCallController()
    private let environment: String
    private var user: Login? // who is logged in: a push cannot wait for the actor
    private var current: Current?
    private var ids: (pushId: String?, sessionId: String?) = (nil, nil) // of this call or the last, for late callbacks
    private var over: [UUID] = [] // calls that must not ring (again)
    private var token: PushToken?
    private var sdkStart: Task<Void, Error>?
    private var sessionHasEnded = false
    private var renewedAt = Date.distantPast

    private static let ringSeconds = 30.0
    private static let renewAgainSeconds = 30.0 // the SDK can report the same failure many times
    private static let mostRemembered = 50

    /// `isDebugBuild` says which of Apple's two push services knows the token of this build.
    init(api: Switchboard, sdk: any VoiceSdk, isDebugBuild: Bool) {
        self.api = api
        self.sdk = sdk
        user = api.restored
        environment = isDebugBuild ? "sandbox" : "production"
        let configuration = CXProviderConfiguration()
        configuration.maximumCallGroups = 1
        configuration.maximumCallsPerCallGroup = 1
        configuration.supportedHandleTypes = [.generic]
        provider = CXProvider(configuration: configuration)
        super.init()
        provider.setDelegate(self, queue: nil) // the main queue
        registry.delegate = self
        registry.desiredPushTypes = [.voIP]
        Task { await api.onSessionEnded { [weak self] _ in await self?.sessionEnded() } }
    }

    /// At the start of the app: bring the SDK up if a user is logged in, and send what could not be sent before.
    func start() async throws {
        guard let login = await api.session else { return }
        try await bringUp(login)
        try? await api.flush()
    }

    func login(userName: String, password: String) async throws {
        try await loggedIn(await api.login(userName: userName, password: password))
    }

    func login(idToken: String) async throws { try await loggedIn(await api.login(idToken: idToken)) }

    func logout() async throws {
        try await api.logout(deviceToken: token?.deviceToken)
        loggedOut()
    }

    /// Call a user. The callee must be known to Switchboard before Exotel asks for it, so the context comes first.
    func dial(callee: String, message: String = "") async throws {
        try await api.setContext(callee: callee, message: message)
        let action = CXStartCallAction(call: UUID(), handle: CXHandle(type: .generic, value: callee))
        try await controller.request(CXTransaction(action: action))
    }

    /// The SDK's onIncomingCall; `sessionId` is its call id.
    func callIncoming(sessionId: String) async throws {
        guard let call = current else { return try sdk.hangUp() } // the call of that push is over
        if call.state == .dialling { return } // the SDK has one call at a time
        current?.sessionId = sessionId
        ids.sessionId = sessionId
        await told("onIncomingCall")
        if current?.state == .answering, (try? answerNow()) == nil { end(.failed) }
    }

    /// The SDK's onCallInitiated, of a call that this phone makes.
    func callInitiated(sessionId: String) async {
        ids.sessionId = sessionId
        if let current { provider.reportOutgoingCall(with: current.uuid, startedConnectingAt: nil) }
        await told("onCallInitiated")
    }

    func callRinging() async { await told("onCallRinging") }

    func callEstablished() async {
        if let current, current.state == .dialling { provider.reportOutgoingCall(with: current.uuid, connectedAt: nil) }
        current?.state = .talking
        await told("onCallEstablished")
    }

    /// The SDK's onCallEnded or onMissedCall; `cdr` are its call details. All events of the call go out as one request.
    func callEnded(_ cdr: SdkEvent.Cdr, name: String = "onCallEnded") async {
        await told(name, cdr: cdr)
        end(.remoteEnded)
        ids = (nil, nil)
        try? await api.flush() // they stay in the queue
    }

    /// The SDK's onAuthenticationFailure: get new tokens and start the SDK anew.
    func authenticationFailed(type: String, message: String) async throws {
        await told("onAuthenticationFailure", error: .init(type: type, message: message))
        guard Date().timeIntervalSince(renewedAt) >= Self.renewAgainSeconds else { return }
        renewedAt = Date()
        try await startSdk(with: nil)
    }

    private func loggedIn(_ login: Login) async throws {
        try await startSdk(with: login)
        if let token { try await api.registerPush(token) }
    }

    /// A call goes on: it needs no session. A push rings whatever the session's age.
    private func sessionEnded() {
        sessionHasEnded = true
        if current == nil { loggedOut() }
    }

    private func loggedOut() {
        sessionHasEnded = false
        end(.failed)
        user = nil
        sdkStart = nil
        sdk.stop()
        onLoggedOut()
    }

    /// Start the SDK once: the app and the push that started the app can both ask for it.
    private func bringUp(_ login: Login) async throws {
        if let sdkStart { return try await sdkStart.value }
        let isOver = login.refreshTokenExpiresAt <= Date().timeIntervalSince1970
        try await startSdk(with: isOver ? nil : login)
    }

    /// Start the SDK with this login; nil gets new tokens first.
    private func startSdk(with login: Login?) async throws {
        let start = Task {
            do {
                let usable: Login
                if let login { usable = login } else { usable = try await api.renewToken() }
                user = usable
                try await sdk.initialize(usable)
            } catch {
                sdkStart = nil // the next push or start tries again
                throw error
            }
        }
        sdkStart = start
        try await start.value
    }

    private func told(_ name: String, error: SdkEvent.Failure? = nil, cdr: SdkEvent.Cdr? = nil) async {
        await api.report(SdkEvent(name: name, pushId: ids.pushId, sessionId: ids.sessionId, error: error, cdr: cdr))
    }

    /// Confirm a push as far as the network allows: the call goes on without it.
    private func acknowledge(_ pushId: String, _ state: AckState) {
        guard !pushId.isEmpty else { return }
        Task {
            guard let about = try? await api.acknowledge(pushId: pushId, state: state),
                  let current, current.pushId == pushId, state == .ringing else { return }
            let shown = about.message.isEmpty ? about.callerName : "\(about.callerName): \(about.message)"
            provider.reportCall(with: current.uuid, updated: update(callerName: shown))
        }
    }

    private func update(callerName: String?) -> CXCallUpdate {
        let update = CXCallUpdate()
        let name = callerName.flatMap { $0.isEmpty ? nil : $0 } ?? "Unknown caller" // iOS 26 refuses an empty one
        update.remoteHandle = CXHandle(type: .generic, value: name)
        update.localizedCallerName = name
        let absent = [\CXCallUpdate.hasVideo, \.supportsHolding, \.supportsGrouping, \.supportsUngrouping, \.supportsDTMF]
        for feature in absent { update[keyPath: feature] = false }
        return update
    }

    private func end(_ reason: CXCallEndedReason) {
        guard let call = current else { return }
        letGo(of: call)
        provider.reportCall(with: call.uuid, endedAt: nil, reason: reason)
    }

    private func letGo(of call: Current) {
        call.timer?.cancel()
        call.waitingAnswer?.fail()
        current = nil
        forbid(call.uuid)
        if sessionHasEnded { loggedOut() }
    }

    private func forbid(_ uuid: UUID) {
        over = Array((over + [uuid]).suffix(Self.mostRemembered))
    }

    private func answerNow() throws {
        try sdk.answer()
        current?.waitingAnswer?.fulfill()
        current?.waitingAnswer = nil
    }
}

extension Phone: @preconcurrency PKPushRegistryDelegate {
    func pushRegistry(_ registry: PKPushRegistry, didUpdate credentials: PKPushCredentials, for type: PKPushType) {
        let hex = credentials.token.map { String(format: "%02x", $0) }.joined()
        let token = PushToken(deviceToken: hex, tokenType: .apnsVoip, environment: environment)
        self.token = token
        Task {
            let session = await api.session
            if session != nil { try? await api.registerPush(token) }
        }
    }

    @available(iOS 26.4, *)
    func pushRegistry(
        _ registry: PKPushRegistry, didReceiveIncomingVoIPPushWith payload: PKPushPayload, metadata: PKVoIPPushMetadata,
        withCompletionHandler completion: @escaping @Sendable () -> Void
    ) {
        received(payload.dictionaryPayload, mustReport: metadata.mustReport, completion)
    }

    func pushRegistry(
        _ registry: PKPushRegistry, didReceiveIncomingPushWith payload: PKPushPayload, for type: PKPushType,
        completion: @escaping @Sendable () -> Void
    ) {
        received(payload.dictionaryPayload, mustReport: true, completion)
    }

    private func received(_ data: [AnyHashable: Any], mustReport: Bool, _ completion: @escaping @Sendable () -> Void) {
        let text = { (key: String) in data[key] as? String }
        let uuid = text("callUuid").flatMap(UUID.init(uuidString:)) ?? UUID()
        let isMine = user != nil && text("subscriberName") == user?.subscriberName
        if text("type") == "cancel" {
            cancelled(uuid, reason: isMine ? text("reason") : nil, mustReport: mustReport, completion)
        } else if isMine, let user, let payload = text("payload"), current == nil, !over.contains(uuid) {
            invited(uuid, payload, text, user, completion)
        } else {
            // the same call again, another call while there is one, another user's, or no call at all
            if isMine, let current, current.uuid != uuid { acknowledge(text("pushId") ?? "", .busy) }
            if mustReport { reportAndEnd(uuid, .failed, completion) } else { completion() }
        }
    }

    private func invited(
        _ uuid: UUID, _ payload: String, _ text: (String) -> String?, _ login: Login,
        _ completion: @escaping @Sendable () -> Void
    ) {
        let pushId = text("pushId") ?? "", version = text("payloadVersion") ?? ""
        // a length of time, since the phone's clock can differ from the server's
        let milliseconds = (Double(text("expiresAt") ?? "") ?? 0) - (Double(text("sentAt") ?? "") ?? 0)
        let seconds = milliseconds > 0 ? milliseconds / 1000 : Self.ringSeconds
        let timer = Task {
            try? await Task.sleep(nanoseconds: UInt64(seconds * 1e9))
            if !Task.isCancelled, current?.uuid == uuid, current?.state == .ringing { end(.unanswered) }
        }
        current = Current(uuid: uuid, pushId: pushId, state: .ringing, timer: timer)
        ids = (pushId.isEmpty ? nil : pushId, nil)
        provider.reportNewIncomingCall(with: uuid, update: update(callerName: text("callerName"))) { error in
            completion()
            guard error != nil else { return }
            Task { @MainActor in // Do Not Disturb or a blocked caller: it does not ring
                self.acknowledge(pushId, .busy)
                if self.current?.uuid == uuid { self.end(.failed) }
            }
        }
        Task { // at once: the SDK hears when the caller gives up
            do {
                try await bringUp(login)
                try sdk.relay(payload: payload, payloadVersion: version)
                acknowledge(pushId, .ringing)
            } catch {
                if current?.uuid == uuid { end(.failed) }
            }
        }
    }

    /// A cancel push needs its report too. A call that rings ends after it; one that this phone has answered goes on.
    private func cancelled(
        _ uuid: UUID, reason: String?, mustReport: Bool, _ completion: @escaping @Sendable () -> Void
    ) {
        let why: CXCallEndedReason = switch reason {
        case "answeredElsewhere": .answeredElsewhere
        case "declinedElsewhere": .declinedElsewhere
        case "callerHungUp": .remoteEnded
        default: .unanswered
        }
        guard current?.uuid == uuid else {
            if reason != nil { forbid(uuid) } // it can overtake its invite
            return mustReport ? reportAndEnd(uuid, why, completion) : completion()
        }
        let finish: @MainActor () -> Void = { [self] in
            if current?.uuid == uuid, current?.state == .ringing { end(why) }
            completion()
        }
        mustReport ? reportAgain(uuid, finish) : finish()
    }

    /// Report a call that there is once more, with its own UUID: CallKit refuses the second, and the push has its report.
    private func reportAgain(_ uuid: UUID, _ then: @escaping @MainActor () -> Void) {
        provider.reportNewIncomingCall(with: uuid, update: update(callerName: nil)) { _ in
            Task { @MainActor in then() }
        }
    }

    /// Report a call and end it at once, unless it is the one that there is.
    private func reportAndEnd(_ uuid: UUID, _ reason: CXCallEndedReason, _ completion: @escaping @Sendable () -> Void) {
        if current?.uuid == uuid { return reportAgain(uuid, completion) }
        let provider = provider
        provider.reportNewIncomingCall(with: uuid, update: update(callerName: nil)) { _ in
            provider.reportCall(with: uuid, endedAt: nil, reason: reason)
            completion()
        }
    }
}

extension Phone: @preconcurrency CXProviderDelegate {
    func providerDidReset(_ provider: CXProvider) {
        try? sdk.hangUp()
        if let call = current { letGo(of: call) }
    }

    func provider(_ provider: CXProvider, perform action: CXStartCallAction) {
        guard current == nil, let user else { return action.fail() }
        do {
            current = Current(uuid: action.callUUID, pushId: "", state: .dialling)
            ids = (nil, nil)
            try sdk.dial(exophone: user.exophone)
            action.fulfill()
        } catch {
            current = nil
            action.fail()
        }
    }

    /// The SDK can be a moment behind the push: the action waits until the SDK has the call.
    func provider(_ provider: CXProvider, perform action: CXAnswerCallAction) {
        guard let call = current, call.uuid == action.callUUID, call.state == .ringing else { return action.fail() }
        call.timer?.cancel()
        current?.state = .answering
        current?.waitingAnswer = action
        try? AVAudioSession.sharedInstance().setCategory(.playAndRecord, mode: .voiceChat)
        if call.sessionId != nil, (try? answerNow()) == nil { return end(.failed) }
        acknowledge(call.pushId, .answered)
    }

    func provider(_ provider: CXProvider, perform action: CXEndCallAction) {
        if let call = current, call.uuid == action.callUUID {
            if call.state == .ringing { acknowledge(call.pushId, .declined) }
            try? sdk.hangUp()
            letGo(of: call)
        }
        action.fulfill()
    }

    func provider(_ provider: CXProvider, perform action: CXSetMutedCallAction) {
        if (try? sdk.mute(action.isMuted)) == nil { action.fail() } else { action.fulfill() }
    }

    func provider(_ provider: CXProvider, timedOutPerforming action: CXAction) {
        guard action is CXAnswerCallAction else { return }
        if current?.sessionId != nil { try? sdk.hangUp() }
        end(.failed)
    }
}
