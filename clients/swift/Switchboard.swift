// Not compiled by our tests: parsed, and its requests are compared with those of the clients that are compiled.
// Switchboard's API for an app: the session, every request, and a queue that keeps events while there is no network.

import Foundation

/// Where the session and unsent events are kept: see Keychain.swift.
protocol Store: Sendable {
    func read(_ key: String) -> Data?
    func write(_ key: String, _ value: Data?)
}

enum TokenType: String, Sendable { case apnsVoip = "apns-voip", apns, fcm, fid }
enum AckState: String, Sendable { case ringing, answered, declined, busy }
enum Issue: String, Sendable {
    case noIssue = "NO_ISSUE", backgroundNoise = "BACKGROUND_NOISE", choppyAudio = "CHOPPY_AUDIO"
    case highLatency = "HIGH_LATENCY", noAudio = "NO_AUDIO", echo = "ECHO"
}

/// The answer of a login. Times are epoch seconds.
struct Login: Codable, Sendable {
    struct Tokens: Codable, Sendable {
        let refreshToken: String
        let accessToken: String
        enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token", accessToken = "access_token" }
    }

    let subscriberToken: Tokens
    let subscriberName: String
    let hostName: String
    let accountSid: String
    let exophone: String
    let displayName: String
    let sessionToken: String
    let refreshTokenExpiresAt: Double

    enum CodingKeys: String, CodingKey {
        case subscriberToken = "subscriber_token", subscriberName = "subscriber_name", hostName = "host_name"
        case accountSid = "account_sid", exophone, displayName = "contact_display_name"
        case sessionToken = "session_token", refreshTokenExpiresAt = "refresh_token_expires_at"
    }
}

struct PushToken: Sendable {
    var deviceToken: String
    var tokenType: TokenType
    /// Of a token of Apple's: `production` or `sandbox`, whichever the app was signed for.
    var environment: String?
    var bundleId: String?
}

/// One event of Exotel's SDK; `time` is epoch milliseconds.
struct SdkEvent: Codable, Sendable {
    struct Failure: Codable, Sendable {
        var type: String
        var message: String?
    }

    /// The SDK's call details.
    struct Cdr: Codable, Sendable {
        var state: String?
        var duration: Double?
        var endReason: String?
    }

    let id = UUID() // only within the app
    var name: String
    var time = (Date().timeIntervalSince1970 * 1000).rounded()
    var callId: String?
    var pushId: String?
    var sessionId: String?
    var error: Failure?
    var cdr: Cdr?
    enum CodingKeys: String, CodingKey { case name, time, callId, pushId, sessionId, error, cdr }
}

struct LogLine: Codable, Sendable {
    var message: String
    var level: String?
    var tag: String?
    var time: Double?
}

/// What a call is about, for the callee.
struct CallShown: Codable, Sendable {
    let message: String
    let callerName: String
}

/// A call as the user saw it; nil where nothing is known (yet). Times are epoch seconds.
struct ListedCall: Codable, Sendable {
    let id: String
    let pushIds: [String]
    let direction: String
    let otherParty: String?
    let startedAt: Double?
    let outcome: String?
    let talkSeconds: Double?
    let rating: Int?
    enum CodingKeys: String, CodingKey {
        case id, pushIds = "push_ids", direction, otherParty = "other_party", startedAt = "started_at"
        case outcome, talkSeconds = "talk_seconds", rating
    }
}

struct CallPage: Codable, Sendable {
    let calls: [ListedCall]
    /// For the next page; nil on the last one.
    let cursor: String?
}

struct ContactGroup: Codable, Sendable {
    struct Contact: Codable, Sendable {
        let name: String
        let number: String
        enum CodingKeys: String, CodingKey { case name = "contact_name", number = "contact_number" }
    }

    let group: String
    let contacts: [Contact]
}

/// A refusal, or no answer: then `status` is 0 and `code` is `offline`. Later versions have codes that are not known yet.
struct SwitchboardError: Error, Sendable {
    let status: Int
    let code: String
    let message: String
    let field: String?
    /// Seconds to wait before the next try.
    let retryAfter: Double?
    /// Quote it to whoever runs the service.
    let requestId: String?

    /// Whether sending the same again is of no use.
    var isFinal: Bool { [400, 413, 422].contains(status) }
}

actor Switchboard {
    /// The login that is in force, also after a restart of the app; nil if there is none.
    private(set) var session: Login?
    /// The login of the app's last run; the push that starts the app cannot wait for the actor.
    let restored: Login?

    private let baseURL: URL
    private let accountSid: String
    private let deviceId: String
    private let store: any Store
    private let http: URLSession
    private var events: [SdkEvent]
    private var sessionEnded: (@Sendable (String) async -> Void)?
    private var renewing: Task<Login, Error>?
    private var flushing: Task<Void, Error>?

    private static let loginKey = "switchboard.login"
    private static let eventsKey = "switchboard.events"
    private static let mostQueued = 500 // the oldest events are dropped
    private static let mostInBatch = 100
    private static let mostIdsInBatch = 16
    private static let mostLogLines = 100
    private static let mostLogBytes = 60_000

    /// `baseURL` is such as `https://…/v1`; `deviceId` is the SDK's own device id, to which Exotel binds its tokens.
    init(baseURL: URL, accountSid: String, deviceId: String, store: any Store = Keychain(), http: URLSession = .shared) {
        self.baseURL = baseURL
        self.accountSid = accountSid
        self.deviceId = deviceId
        self.store = store
        self.http = http
        restored = store.read(Self.loginKey).flatMap { try? JSONDecoder().decode(Login.self, from: $0) }
        session = restored
        events = store.read(Self.eventsKey).flatMap { try? JSONDecoder().decode([SdkEvent].self, from: $0) } ?? []
    }

    /// What to do when the session has ended elsewhere: show the login.
    func onSessionEnded(_ action: @escaping @Sendable (String) async -> Void) {
        sessionEnded = action
    }

    /// Log in with the user's name and password. A wrong one is a SwitchboardError with the status 403.
    func login(userName: String, password: String) async throws -> Login {
        try await login(.absent, userName, password)
    }

    /// Log in with an id token of your own identity provider.
    func login(idToken: String) async throws -> Login { try await login(.idToken(idToken)) }

    private func login(_ bearer: Bearer, _ userName: String? = nil, _ password: String? = nil) async throws -> Login {
        try begin(await send("POST", "login", body: [
            "user_name": userName, "password": password,
            "account_sid": accountSid, "device_id": deviceId, "platform": "ios",
        ], bearer: bearer))
    }

    /// Get new tokens for the SDK; the session stays. Calls at the same time share one request.
    func renewToken() async throws -> Login {
        if let renewing { return try await renewing.value }
        let task = Task { try begin(await send("POST", "token", body: ["device_id": deviceId, "platform": "ios"])) }
        renewing = task
        defer { renewing = nil }
        return try await task.value
    }

    /// End the session. Without an answer the user stays logged in, because the phone would go on ringing.
    func logout(deviceToken: String? = nil) async throws {
        try? await flush()
        do {
            _ = try await send("POST", "logout", body: ["deviceToken": deviceToken])
        } catch let error as SwitchboardError where error.status == 401 {}
        forget()
    }

    /// Make this phone ring for the user. Send it at each start of the app, and when the token changes.
    func registerPush(_ token: PushToken) async throws {
        _ = try await send("POST", "devicetoken", body: [
            "deviceToken": token.deviceToken, "tokenType": token.tokenType.rawValue,
            "environment": token.environment, "bundleId": token.bundleId,
            "deviceId": deviceId, "platform": "ios", "knows": ["cancel"],
        ])
    }

    /// Say whom the next call is for. Each context answers one call.
    func setContext(callee: String, message: String = "") async throws {
        _ = try await send("POST", "context", body: ["dialToNumber": callee, "message": message])
    }

    func clearContext() async throws {
        _ = try await send("DELETE", "context")
    }

    func contacts() async throws -> [ContactGroup] {
        struct Entry: Decodable { let data: ContactGroup }
        struct Answer: Decodable { let response: [Entry] }
        return try decoded(Answer.self, await send("GET", "contacts")).response.map(\.data)
    }

    /// Confirm a push and say what this phone does with it; learn what the call is about, if that is known.
    func acknowledge(pushId: String, state: AckState) async throws -> CallShown? {
        struct Answer: Decodable { let context: CallShown? }
        return try decoded(Answer.self, await send("POST", "pushes/\(pushId)/ack", body: ["state": state.rawValue])).context
    }

    /// `callId` is the CallSid, the push's `pushId` or the SDK's session id; a `rating` of 5 is excellent, 1 terrible.
    func giveFeedback(
        callId: String, rating: Int, issue: Issue, comment: String? = nil, statistics: [String: Double]? = nil
    ) async throws {
        _ = try await send("POST", "feedback", body: [
            "callId": callId, "rating": rating, "issue": issue.rawValue, "comment": comment, "statistics": statistics,
        ])
    }

    /// Send lines of the SDK's log, in as few requests as their size allows.
    func sendLogs(_ lines: [LogLine]) async throws {
        var left = lines[...]
        while !left.isEmpty {
            var size = 0
            let fitting = try left.prefix(Self.mostLogLines).prefix { line in
                size += try JSONEncoder().encode(line).count + 1
                return size <= Self.mostLogBytes
            }
            let batch = fitting.isEmpty ? left.prefix(1) : fitting
            _ = try await send("POST", "logs", body: ["platform": "ios", "lines": try object(Array(batch))])
            left = left.dropFirst(batch.count)
        }
    }

    /// A page of the user's own calls, newest first.
    func calls(cursor: String? = nil, limit: Int = 20) async throws -> CallPage {
        try decoded(CallPage.self, await send("GET", "calls", query: ["limit": "\(limit)", "cursor": cursor]))
    }

    /// Keep an event until the next flush, also over a restart of the app.
    func report(_ event: SdkEvent) {
        events = Array((events + [event]).suffix(Self.mostQueued))
        keepEvents()
    }

    /// Send what was reported, in one request where it fits: at the end of a call and when the network is back.
    func flush() async throws {
        if let flushing { return try await flushing.value }
        let task = Task { try await sendEvents() }
        flushing = task
        defer { flushing = nil }
        try await task.value
    }

    private func sendEvents() async throws {
        while session != nil, !events.isEmpty {
            let batch = nextBatch()
            do {
                _ = try await send("POST", "events", body: ["events": try object(batch)])
            } catch let error as SwitchboardError where error.isFinal {}
            let sent = Set(batch.map(\.id))
            events.removeAll { sent.contains($0.id) }
            keepEvents()
        }
    }

    private func nextBatch() -> [SdkEvent] {
        var ids = Set<String>()
        return Array(events.prefix(Self.mostInBatch).prefix { event in
            ids.formUnion([event.callId, event.pushId, event.sessionId].compactMap { $0 })
            return ids.count <= Self.mostIdsInBatch
        })
    }

    private func begin(_ answer: Data) throws -> Login {
        let login = try decoded(Login.self, answer)
        if session?.subscriberName != login.subscriberName { events = [] }
        session = login
        store.write(Self.loginKey, try? JSONEncoder().encode(login))
        keepEvents()
        return login
    }

    private func forget() {
        session = nil
        events = []
        store.write(Self.loginKey, nil)
        store.write(Self.eventsKey, nil)
    }

    private func keepEvents() {
        store.write(Self.eventsKey, try? JSONEncoder().encode(events))
    }

    private enum Bearer { case session, absent, idToken(String) }
    /// Send a request; values of the body that are nil are left out.
    private func send(
        _ method: String, _ path: String, query: [String: String?] = [:], body: [String: Any?]? = nil,
        bearer: Bearer = .session
    ) async throws -> Data {
        var request = URLRequest(url: baseURL.appendingPathComponent(path), timeoutInterval: 15)
        var proof: String?
        switch bearer {
        case .absent: break
        case .idToken(let token): proof = token
        case .session:
            guard let session else { throw refusal(401, "no_session", "log in first") }
            proof = session.sessionToken
            request.url = url(path, query, of: session)
        }
        request.httpMethod = method
        if let proof { request.setValue("Bearer \(proof)", forHTTPHeaderField: "Authorization") }
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body.compactMapValues { $0 })
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        return try await answered(request, proof)
    }

    private func url(_ path: String, _ query: [String: String?], of login: Login) -> URL {
        let url = baseURL.appendingPathComponent("accounts/\(accountSid)/subscribers/\(login.subscriberName)/\(path)")
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)!
        let items = query.compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
        if !items.isEmpty { parts.queryItems = items }
        return parts.url!
    }

    private func answered(_ request: URLRequest, _ proof: String?) async throws -> Data {
        guard let (data, answer) = try? await http.data(for: request), let response = answer as? HTTPURLResponse else {
            throw refusal(0, "offline", "no answer from the server")
        }
        let told = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        if (200..<300).contains(response.statusCode), told != nil { return data }
        let error = problem(response, told ?? [:])
        if error.status == 401, let proof, proof == session?.sessionToken {
            forget()
            await sessionEnded?(error.code)
        }
        throw error
    }
}

/// An object that JSONSerialization takes.
private func object<Value: Encodable>(_ value: Value) throws -> Any {
    try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
}

private func decoded<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
    do {
        return try JSONDecoder().decode(type, from: data)
    } catch {
        throw refusal(200, "unreadable", "the server's answer cannot be read: \(error)")
    }
}

private func refusal(_ status: Int, _ code: String, _ message: String) -> SwitchboardError {
    SwitchboardError(status: status, code: code, message: message, field: nil, retryAfter: nil, requestId: nil)
}

private func problem(_ response: HTTPURLResponse, _ told: [String: Any]) -> SwitchboardError {
    SwitchboardError(
        status: response.statusCode,
        code: told["code"] as? String ?? "gateway", // API Gateway's own refusals have no code, nor have others' answers
        message: told["message"] as? String ?? "the server answered \(response.statusCode)",
        field: told["field"] as? String,
        retryAfter: response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init),
        requestId: told["request_id"] as? String
    )
}
